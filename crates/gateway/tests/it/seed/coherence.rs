//! The people hang together, whatever the seed.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use gateway::seed::{
    families,
    people::{CHILD, HEAD, SPOUSE, World},
    refunds, work,
};
use proptest::prelude::*;

use super::sandbox::Sandbox;

fn world(seed: u64, people: usize) -> World {
    families::people(seed, people, NaiveDate::from_ymd_opt(2026, 11, 23).unwrap())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn everybody_has_a_number_of_their_own_that_no_living_person_has(seed: u64) {
        let world = world(seed, 600);
        let numbers: BTreeSet<_> = world.people.iter().map(|person| &person.number).collect();
        prop_assert_eq!(numbers.len(), world.people.len());
        for person in &world.people {
            let number = &person.number;
            prop_assert_eq!(&number[..6], &person.born.format("%y%m%d").to_string());
            let year: u32 = number[..2].parse().unwrap();
            match (&number[7..8], person.foreign) {
                ("9" | "0", false) => {}
                ("5" | "6", true) => prop_assert!(year <= 6, "{}", number),
                _ => prop_assert!(false, "{}", number),
            }
        }
    }

    #[test]
    fn there_are_as_many_people_as_asked_for(seed: u64, people in 27_usize..400) {
        prop_assert_eq!(world(seed, people).people.len(), people);
    }

    #[test]
    fn families_are_whole_and_their_dates_in_order(seed: u64) {
        let world = world(seed, 600);
        for (index, person) in world.each() {
            prop_assert!(person.born <= world.today);
            prop_assert!(person.died.is_none_or(|died| person.born < died && died <= world.today));
            for parent in person.parents.iter().flatten() {
                let parent = &world.people[*parent];
                prop_assert!(parent.born.checked_add_months(chrono::Months::new(12 * 18)).unwrap() < person.born);
                prop_assert!(parent.died.is_none_or(|died| died > person.born));
            }
            if let [Some(father), Some(mother)] = person.parents {
                prop_assert_eq!(world.people[father].surname, person.surname);
                prop_assert_eq!(world.people[father].spouse.map(|(wife, _)| wife), Some(mother));
            }
            if let Some((partner, married)) = person.spouse {
                let other = &world.people[partner];
                prop_assert_eq!(other.spouse, Some((index, married)));
                prop_assert!(partner != index && married > person.born && married <= world.today);
                prop_assert!(person.died.is_none_or(|died| died >= married));
                prop_assert!(person.parents[0].is_none() || person.parents != other.parents, "brother and sister");
            }
            if let Some(guardian) = person.guardian {
                prop_assert!(world.lives(&world.people[guardian], 19) && world.age(person) < 19);
            }
        }
    }

    #[test]
    fn everybody_alive_lives_under_one_roof_and_nobody_else(seed: u64) {
        let world = world(seed, 600);
        let mut housed = BTreeSet::new();
        for (place, home) in world.households.iter().enumerate() {
            prop_assert_eq!(world.people[home.members[0]].relation, HEAD);
            prop_assert!(home.moved_in < world.today);
            for (position, member) in home.members.iter().enumerate() {
                let person = &world.people[*member];
                prop_assert!(housed.insert(*member) && person.household == place && person.died.is_none());
                prop_assert_eq!(position == 0, person.relation == HEAD);
                if person.relation == SPOUSE {
                    prop_assert_eq!(person.spouse.map(|(head, _)| head), Some(home.members[0]));
                }
                if person.relation == CHILD {
                    prop_assert!(person.parents.contains(&Some(home.members[0])));
                }
            }
        }
        let alive = world.each().filter(|(_, person)| person.died.is_none()).map(|(index, _)| index);
        prop_assert_eq!(housed, alive.collect());
    }

    #[test]
    fn nobody_works_before_they_may_or_after_death(seed: u64) {
        let world = world(seed, 600);
        for (index, person) in world.each() {
            let mut free = person.year_of_age(19);
            for job in work::jobs(&world, index, person) {
                prop_assert!(job.since >= free, "{} {:?}", index, job);
                let end = person.died.unwrap_or(world.today);
                prop_assert!(job.until.map_or(person.died.is_none(), |until| until <= end && until >= job.since));
                free = job.until.unwrap_or(end);
            }
        }
    }
}

#[test]
fn three_in_ten_are_owed_money_and_one_in_a_thousand_more_than_fifty_times() {
    let world = world(1, 20_000);
    let counts: Vec<_> =
        world.each().map(|(index, person)| refunds::refunds(&world, index, person)).collect();
    let share = |least: usize| counts.iter().filter(|refunds| refunds.len() >= least).count();
    assert!((5_700..=6_300).contains(&share(1)), "{}", share(1));
    assert!((8..=40).contains(&share(51)), "{}", share(51));
    let amounts: Vec<_> = counts.iter().flatten().map(|refund| refund.amount).collect();
    assert!(amounts.iter().all(|amount| (10..=30_000_000).contains(amount)));
    assert!(amounts.iter().any(|amount| *amount < 100) && amounts.iter().any(|amount| *amount > 10_000_000));
    assert!(counts.iter().flatten().all(|refund| refund.since < world.today && refund.until > refund.since));
}

#[test]
fn the_registers_of_two_agencies_name_the_same_children_under_one_roof() {
    let sandbox = Sandbox::of(600, 5);
    let register = rusqlite::Connection::open(sandbox.at("mois/register.sqlite")).unwrap();
    let family = sandbox.at("supreme-court/register.sqlite");
    register.execute("attach database ?1 as court", [family.to_str().unwrap()]).unwrap();
    let count = |query: &str| register.query_row(query, [], |row| row.get::<_, i64>(0)).unwrap();
    let children = count("select count(*) from residents where relation = '자녀'");
    let known = count(
        "select count(*) from residents c where c.relation = '자녀' and exists (
           select 1 from court.parents x join residents p on p.resident_number = x.parent
           where x.child = c.resident_number and p.household = c.household)",
    );
    assert!(children > 50);
    assert_eq!(known, children);
    let late = count(
        "select count(*) from residents where died_on is not null and died_on < born_on
           or moved_in_on < born_on",
    );
    assert_eq!(late, 0);
    let yesterday =
        count("select count(*) from residents where moved_in_on = '2026-11-22' and name = '최지우'");
    assert_eq!(yesterday, 1);
}
