//! Land and buildings, which several registers know.

use crate::seed::{
    known::{known, place},
    people::World,
};

/// Who owns the ground of a household, with the number when it is a person: the head, or a husband or wife who died not
/// long ago.
pub(super) fn owner(world: &World, household: usize) -> (&str, Option<&str>) {
    let home = &world.households[household];
    let head = &world.people[home.members[0]];
    if !home.owned {
        return ("온누리도시공사", None);
    }
    let partner = head.spouse.map(|(partner, _)| &world.people[partner]);
    let owner = partner.filter(|one| one.died.is_some() && world.owns(one)).unwrap_or(head);
    (&owner.name, Some(&owner.number))
}

/// The mortgages on it.
pub(super) fn mortgages(world: &World, household: usize) -> Vec<String> {
    let home = &world.households[household];
    let mut draw = world.draw("mortgage", household);
    let indebted = world.people[home.members[0]].number == known("indebted").number();
    let mortgaged = home.owned && draw.percent(40) || indebted;
    let amount = draw.between(30, 600) * 1_000_000;
    mortgaged.then(|| format!("근저당권 채권최고액 {amount}원, 한아름은행")).into_iter().collect()
}

/// What a building is used for; shops are where businesses can be.
pub(super) fn building_use(world: &World, household: usize) -> &'static str {
    let head = world.households[household].members[0];
    if head == place("representative") {
        return "제2종 근린생활시설";
    }
    ["단독주택", "공동주택(아파트)", "공동주택(다세대)", "제1종 근린생활시설", "판매시설", "공동주택(아파트)"]
        [world.draw("building use", household).count(0, 5)]
}
