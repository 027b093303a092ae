//! A square that a telephone can read, as the path of an SVG.

use qrcodegen::{QrCode, QrCodeEcc};

use crate::kernel::refusal::Refusal;

/// The quiet zone around it, which readers need.
const MARGIN: i32 = 4;

/// What stands in a square.
pub struct Square {
    /// How many modules it is wide, margin included.
    pub size: i32,
    /// Its dark modules, row by row.
    pub path: String,
}

impl Square {
    /// The square that says this.
    pub fn of(text: &str) -> Result<Self, Refusal> {
        let code = QrCode::encode_text(text, QrCodeEcc::Medium).map_err(Refusal::fault)?;
        let mut path = String::new();
        for y in 0..code.size() {
            let mut x = 0;
            while x < code.size() {
                let run = (x..code.size()).take_while(|x| code.get_module(*x, y)).fold(0, |run, _| run + 1);
                if run > 0 {
                    path += &format!("M{} {}h{run}v1h-{run}z", x + MARGIN, y + MARGIN);
                }
                x += run.max(1);
            }
        }
        Ok(Self { size: code.size() + 2 * MARGIN, path })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_square_begins_with_the_row_of_a_finder() {
        let square = Square::of("otpauth://totp/a").unwrap();
        assert_eq!(square.size, 25 + 8);
        assert!(square.path.starts_with("M4 4h7v1h-7z"), "{}", square.path);
    }
}
