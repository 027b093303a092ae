//! A mail server for stories: it speaks just enough SMTP, answers as it is told, and keeps what it was shown.

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// What it answers to a letter once it has read it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Mood {
    Takes,
    PutsOff,
    Refuses,
    /// Reads the whole letter and hangs up without a word.
    HangsUp,
}

/// A letter as it came over the wire.
#[derive(Clone, Debug)]
pub struct Shown {
    pub mood: Mood,
    pub recipients: Vec<String>,
    pub message: String,
}

/// The server, until it is closed or dropped.
pub struct MailServer {
    address: SocketAddr,
    state: Arc<State>,
    arrivals: Receiver<()>,
    door: Option<JoinHandle<()>>,
}

struct State {
    greeting: &'static str,
    moods: Mutex<VecDeque<Mood>>,
    shown: Mutex<Vec<Shown>>,
    arrived: Sender<()>,
    is_closed: Mutex<bool>,
}

impl MailServer {
    /// One that is in these moods in turn, and then takes everything.
    pub fn open(moods: &[Mood]) -> Self {
        Self::listen("127.0.0.1:0".parse().unwrap(), "220 mail.example", moods)
    }

    /// One that wants nothing to do with us.
    pub fn unwelcoming() -> Self {
        Self::listen("127.0.0.1:0".parse().unwrap(), "554 not from you", &[])
    }

    /// Another one where one was.
    pub fn reopen(address: SocketAddr) -> Self {
        Self::listen(address, "220 mail.example", &[])
    }

    fn listen(address: SocketAddr, greeting: &'static str, moods: &[Mood]) -> Self {
        let listener = TcpListener::bind(address).unwrap();
        let (arrived, arrivals) = channel();
        let state = Arc::new(State {
            greeting,
            moods: Mutex::new(moods.iter().copied().collect()),
            shown: Mutex::default(),
            arrived,
            is_closed: Mutex::new(false),
        });
        let (address, inside) = (listener.local_addr().unwrap(), Arc::clone(&state));
        let door = thread::spawn(move || {
            for stream in listener.incoming() {
                if *inside.is_closed.lock().unwrap() {
                    return;
                }
                let inside = Arc::clone(&inside);
                thread::spawn(move || {
                    // A client that hangs up in the middle is no matter.
                    let _ = converse(stream.unwrap(), &inside);
                });
            }
        });
        Self { address, state, arrivals, door: Some(door) }
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// For `SUBLEDGER_SMTP_URL`.
    pub fn url(&self) -> String {
        format!("smtp://{}", self.address)
    }

    /// Every letter it was shown, whatever it said to it.
    pub fn shown(&self) -> Vec<Shown> {
        self.state.shown.lock().unwrap().clone()
    }

    /// Blocks until it has been shown one more letter.
    pub fn wait_for_one(&self) {
        self.arrivals.recv_timeout(Duration::from_secs(20)).unwrap();
    }

    /// Nobody answers at its address any more.
    pub fn close(&mut self) {
        *self.state.is_closed.lock().unwrap() = true;
        let _ = TcpStream::connect(self.address);
        if let Some(door) = self.door.take() {
            door.join().unwrap();
        }
    }
}

impl Drop for MailServer {
    fn drop(&mut self) {
        self.close();
    }
}

impl Shown {
    /// The value of a header, unfolded.
    pub fn header(&self, name: &str) -> String {
        let values: Vec<_> = self.headers().into_iter().filter(|(found, _)| found == name).collect();
        assert_eq!(values.len(), 1, "{name} in {}", self.message);
        values[0].1.clone()
    }

    /// Names and values, unfolded, in their order.
    pub fn headers(&self) -> Vec<(String, String)> {
        let (head, _) = self.message.split_once("\r\n\r\n").unwrap();
        let unfolded = head.replace("\r\n ", " ").replace("\r\n\t", " ");
        let pairs = unfolded.split("\r\n").map(|line| line.split_once(": ").unwrap());
        pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
    }
}

fn converse(stream: TcpStream, state: &State) -> std::io::Result<()> {
    let mut lines = BufReader::new(stream.try_clone()?);
    let say = |words: &str| (&stream).write_all(format!("{words}\r\n").as_bytes());
    say(state.greeting)?;
    let mut recipients = Vec::new();
    loop {
        let line = read_line(&mut lines)?;
        let verb = line.split([' ', ':']).next().unwrap_or_default().to_uppercase();
        match verb.as_str() {
            "EHLO" => say("250-mail.example\r\n250 8BITMIME")?,
            "RCPT" => {
                recipients.push(line);
                say("250 fine")?;
            }
            "DATA" => {
                say("354 go on")?;
                let message = read_message(&mut lines)?;
                let mood = state.moods.lock().unwrap().pop_front().unwrap_or(Mood::Takes);
                let recipients = std::mem::take(&mut recipients);
                state.shown.lock().unwrap().push(Shown { mood, recipients, message });
                let _ = state.arrived.send(());
                match mood {
                    Mood::Takes => say("250 taken")?,
                    Mood::PutsOff => say("451 come again")?,
                    Mood::Refuses => say("550 nobody of that name")?,
                    Mood::HangsUp => return Ok(()),
                }
            }
            "QUIT" => return say("221 goodbye"),
            "" => return Ok(()),
            _ => say("250 fine")?,
        }
    }
}

fn read_line(lines: &mut impl BufRead) -> std::io::Result<String> {
    let mut line = String::new();
    lines.read_line(&mut line)?;
    Ok(line.trim_end().to_owned())
}

fn read_message(lines: &mut impl BufRead) -> std::io::Result<String> {
    let mut message = String::new();
    loop {
        let mut line = String::new();
        if lines.read_line(&mut line)? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        if line == ".\r\n" {
            return Ok(message);
        }
        message.push_str(line.strip_prefix('.').unwrap_or(&line));
    }
}
