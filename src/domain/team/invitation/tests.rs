use super::*;

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn invitation(state: InvitationState) -> Invitation {
    let created_at = at("2026-11-23T15:47:00Z");
    Invitation {
        id: InvitationId::mint(created_at),
        member: MemberId::mint(created_at),
        invited_by: MemberId::mint(created_at),
        role: Role::Auditor,
        message: String::new(),
        state,
        created_at,
        expires_at: created_at + VALID,
    }
}

#[test]
fn a_key_works_for_seven_days_and_not_an_instant_longer() {
    let pending = invitation(InvitationState::Pending);
    assert!(pending.check_open(at("2026-11-30T15:46:59.999Z")).is_ok());
    assert!(pending.check_open(at("2026-11-30T15:47:00Z")).is_err());
    assert_eq!(pending.state_at(at("2026-11-30T15:47:00Z")), InvitationState::Expired);
}

#[test]
fn used_expired_and_withdrawn_answer_alike() {
    let now = at("2026-11-24T00:00:00Z");
    let answers = [InvitationState::Accepted, InvitationState::Expired, InvitationState::Withdrawn]
        .map(|state| invitation(state).check_open(now).unwrap_err().to_string());
    assert_eq!(answers[0], answers[1]);
    assert_eq!(answers[1], answers[2]);
}

#[test]
fn addresses_are_folded_and_taken_once() {
    let typed = "leo@acme.example, LEO@acme.example\r\n\n ines@acme.example;bea@acme.example";
    let read: Vec<String> = parse_addresses(typed).unwrap().iter().map(ToString::to_string).collect();
    assert_eq!(read, ["leo@acme.example", "ines@acme.example", "bea@acme.example"]);
}

#[test]
fn one_wrong_address_refuses_them_all() {
    let refusal = parse_addresses("leo@acme.example, nobody").unwrap_err();
    assert_eq!(refusal.field, Some("emails"));
    assert!(refusal.message.contains("“nobody”"));
    assert!(parse_addresses(" , \n").is_err());
    let many = (0..=AT_ONCE).map(|n| format!("p{n}@acme.example")).collect::<Vec<_>>().join("\n");
    assert!(parse_addresses(&many).is_err());
}

#[test]
fn a_name_is_guessed_from_the_address() {
    for (email, name) in [
        ("uma.usher@acme.example", "Uma Usher"),
        ("LEO@acme.example", "LEO"),
        ("ines_okafor+audit@acme.example", "Ines Okafor"),
    ] {
        assert_eq!(name_from(&EmailAddress::parse(email).unwrap()), name);
    }
}

#[test]
fn a_message_keeps_its_lines_and_has_an_end() {
    assert_eq!(parse_message(" Welcome.\r\nSee you. ").unwrap(), "Welcome.\nSee you.");
    assert!(parse_message(&"x".repeat(1_001)).is_err());
    assert!(parse_message("a\u{7}b").is_err());
}
