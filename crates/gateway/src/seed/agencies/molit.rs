use rusqlite::{Connection, params};

use super::{land, list};
use crate::seed::{
    canary,
    draw::Draw,
    known::place,
    lists,
    people::{CITIES, World},
};

/// How many vehicles somebody owns who has more than fit on a page.
const MANY: usize = 100_000;

pub(super) fn fill(world: &World, to: &Connection) -> rusqlite::Result<()> {
    vehicles(world, to)?;
    machines(world, to)?;
    ground(world, to)
}

/// Plates have a syllable that no real one has. The kinds of record of other agencies name them by the same place.
pub(in crate::seed) fn plate(place: usize) -> String {
    format!("{:03}각{:04}", 100 + place / 10_000, place % 10_000)
}

/// How many vehicles somebody has.
pub(in crate::seed) fn count(world: &World, index: usize) -> usize {
    let person = &world.people[index];
    if index == place("many-records") {
        return MANY;
    }
    let forced = [place("mother"), place("indebted"), place("deceased")].contains(&index);
    let owns = world.owns(person) && world.draw("vehicle", index).percent(40);
    usize::from(owns || forced) + usize::from(owns && world.draw("second vehicle", index).percent(8))
}

/// Everybody's vehicles: the owner's place and the vehicle's.
pub(in crate::seed) fn each(world: &World) -> impl Iterator<Item = (usize, usize)> {
    let owners = (0..world.people.len()).flat_map(|index| std::iter::repeat_n(index, count(world, index)));
    owners.enumerate().map(|(place, owner)| (owner, place))
}

fn vehicles(world: &World, to: &Connection) -> rusqlite::Result<()> {
    let mut insert = to.prepare("insert into vehicles values (null, ?1, ?2, ?3, ?4, ?5, ?6)")?;
    let (fleet, indebted) = (place("many-records"), place("indebted"));
    for (owner, vehicle) in each(world) {
        let person = &world.people[owner];
        let mut draw = world.draw("vehicle's papers", vehicle);
        let model = *draw.one(&lists::MODELS);
        let mortgages = (owner != fleet && draw.percent(12))
            .then(|| secret(world, owner, "저당권 한아름캐피탈 ", draw.between(5, 40) * 1_000_000));
        let seized = owner == indebted || owner != fleet && draw.percent(3);
        let seizures =
            seized.then(|| secret(world, owner, "압류 지방세 체납 ", draw.between(1, 90) * 10_000));
        insert.execute(params![
            person.number,
            person.name,
            plate(vehicle),
            model,
            list(mortgages.as_slice()),
            list(seizures.as_slice())
        ])?;
    }
    Ok(())
}

fn secret(world: &World, owner: usize, what: &str, amount: u64) -> String {
    let canary = canary::after(world.seed, "debt", owner);
    format!("{what}{amount}원{canary}")
}

fn machines(world: &World, to: &Connection) -> rusqlite::Result<()> {
    let mut insert = to.prepare("insert into machines values (null, ?1, ?2, ?3)")?;
    for (index, person) in world.each().filter(|(_, person)| world.lives(person, 25)) {
        let mut draw = world.draw("machine", index);
        if draw.one_in(200) {
            insert.execute(params![
                person.number,
                person.name,
                draw.one(&["굴착기", "지게차", "덤프트럭"])
            ])?;
        }
    }
    Ok(())
}

/// One parcel with one building for each household.
fn ground(world: &World, to: &Connection) -> rusqlite::Result<()> {
    let mut land = to.prepare("insert into land values (null, ?1, ?2, ?3, ?4, ?5, ?6, ?7, '1:1200')")?;
    let mut building = to.prepare("insert into buildings values (null, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)")?;
    for (place, home) in world.households.iter().enumerate() {
        let (owner, number) = land::owner(world, place);
        let mut draw = world.draw("ground", place);
        let area = draw.between(900, 9_000);
        // The place as the ledger names it; the number is what it is asked by.
        let lot = format!("{} 하늘동 {}-{}", CITIES[home.city].1, place / 10_000 + 1, place % 10_000);
        let category = draw.one(&["대", "대", "대", "전", "임야"]);
        land.execute(params![home.parcel, lot, category, tenths(area), owner, number, outline(&mut draw)])?;
        let floors = draw.between(1, 20);
        building.execute(params![
            home.parcel,
            home.address,
            land::building_use(world, place),
            tenths(area * floors / 2),
            floors,
            draw.percent(4),
            owner,
            number
        ])?;
    }
    Ok(())
}

/// Square metres, from tenths of them; no zero stands at the end of a fraction.
fn tenths(area: u64) -> String {
    if area.is_multiple_of(10) { (area / 10).to_string() } else { format!("{}.{}", area / 10, area % 10) }
}

fn outline(draw: &mut Draw) -> String {
    let (width, depth) = (draw.between(8, 40), draw.between(8, 40));
    format!("POLYGON((0 0, {width} 0, {width} {depth}, 0 {depth}, 0 0))")
}
