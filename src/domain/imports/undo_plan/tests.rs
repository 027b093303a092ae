use super::*;
use crate::domain::team::member::MemberStatus;
use crate::kernel::ids::UserId;

fn id(number: u128) -> MemberId {
    MemberId(uuid::Uuid::from_u128(number))
}

fn member(number: u128, name: &str, manager: Option<u128>) -> Member {
    Member {
        id: id(number),
        user: None,
        name: name.to_owned(),
        email: format!("{}@acme.example", name.to_lowercase()),
        role: None,
        status: MemberStatus::Directory,
        department: "Sales".to_owned(),
        manager: manager.map(id),
        joined_on: None,
        left_on: None,
    }
}

fn created(member: &Member) -> Touched {
    Touched { member: member.id, before: None, after: Standing::of(member) }
}

fn changed(member: &Member, department: &str) -> Touched {
    let before = Standing { department: department.to_owned(), ..Standing::of(member) };
    Touched { member: member.id, before: Some(before), after: Standing::of(member) }
}

fn kept(plan: &UndoPlan) -> Vec<String> {
    plan.kept.iter().map(|(_, kept)| format!("{} {}", kept.name, kept.why)).collect()
}

#[test]
fn whoever_is_as_the_import_left_them_is_taken_out_or_put_back() {
    let (nora, uma) = (member(1, "Nora", Some(2)), member(2, "Uma", None));
    let touched = [created(&nora), changed(&uma, "Support")];
    let plan = plan_undo(&touched, &[nora.clone(), uma.clone()], &BTreeMap::new());
    assert_eq!(plan.removed, [nora.id]);
    assert_eq!(plan.restored, [(uma.id, Standing { department: "Support".to_owned(), ..Standing::of(&uma) })]);
    assert_eq!(kept(&plan), Vec::<String>::new());
}

#[test]
fn whoever_is_relied_on_or_was_changed_since_stays_and_is_named() {
    let people: Vec<Member> =
        (1..).zip(["Nora", "Ilyas", "Greta", "Uma"]).map(|(n, name)| member(n, name, None)).collect();
    let mut touched: Vec<Touched> = people.iter().take(3).map(created).collect();
    touched.push(changed(&people[3], "Support"));
    let mut now = people.clone();
    now[0].user = Some(UserId(uuid::Uuid::from_u128(9)));
    now[2].department = "Gardens".to_owned();
    now[3].name = "Uma Usher".to_owned();
    let ties = BTreeMap::from([(id(2), "was given a seat since")]);
    let plan = plan_undo(&touched, &now, &ties);
    assert_eq!(
        kept(&plan),
        [
            "Nora can sign in since",
            "Ilyas was given a seat since",
            "Greta was changed since",
            "Uma Usher was changed since"
        ]
    );
    assert_eq!((plan.removed.len(), plan.restored.len()), (0, 0));
}

#[test]
fn managers_of_those_who_stay_stay_too_up_the_line() {
    let people =
        [member(1, "Boss", None), member(2, "Lead", Some(1)), member(3, "Uma", Some(2)), member(4, "Rui", Some(1))];
    let touched: Vec<Touched> = people.iter().map(created).collect();
    let ties = BTreeMap::from([(id(3), "was given a seat since")]);
    let plan = plan_undo(&touched, &people, &ties);
    assert_eq!(
        kept(&plan),
        ["Uma was given a seat since", "Lead manages somebody who stays", "Boss manages somebody who stays"]
    );
    assert_eq!(plan.removed, [id(4)]);
}

#[test]
fn whoever_is_gone_already_needs_no_undo_and_is_no_manager() {
    let uma = member(1, "Uma", None);
    let was =
        Touched { before: Some(Standing { manager: Some(id(7)), ..Standing::of(&uma) }), ..changed(&uma, "Sales") };
    let gone = member(8, "Gone", None);
    let plan = plan_undo(&[was, created(&gone)], std::slice::from_ref(&uma), &BTreeMap::new());
    assert_eq!(plan.restored, [(uma.id, Standing::of(&uma))]);
    assert_eq!((plan.removed.len(), plan.kept.len()), (0, 0));
}
