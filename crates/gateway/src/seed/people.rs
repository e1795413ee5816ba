//! The people of the sandbox and where they live; every register is filled from them, and so they agree.

use chrono::{Datelike as _, Days, Months, NaiveDate};

use super::{
    canary,
    draw::Draw,
    lists,
    number::{self, number},
};

/// Everybody, as of one day.
pub struct World {
    /// What all chance comes from.
    pub seed: u64,
    /// The day on which the registers are as they are.
    pub today: NaiveDate,
    /// Everybody, the known ones first.
    pub people: Vec<Person>,
    /// Where they live.
    pub households: Vec<Household>,
}

/// Somebody, alive or not.
#[derive(Clone, Debug)]
pub struct Person {
    /// The name, as the registers have it.
    pub name: String,
    /// What the name begins with and children bear as well.
    pub surname: &'static str,
    /// The resident number, or the alien registration number.
    pub number: String,
    /// Whether it is a man or a boy.
    pub male: bool,
    /// Whether it is a foreigner.
    pub foreign: bool,
    /// The day of birth.
    pub born: NaiveDate,
    /// The day of death.
    pub died: Option<NaiveDate>,
    /// Where they live, or lived last: a place among the households.
    pub household: usize,
    /// What they are to the head of the household.
    pub relation: &'static str,
    /// Father and mother, as far as they are among the people.
    pub parents: [Option<usize>; 2],
    /// Husband or wife, also when one of the two has died, and since when.
    pub spouse: Option<(usize, NaiveDate)>,
    /// Who cares for a child without parents.
    pub guardian: Option<usize>,
}

/// People under one roof.
#[derive(Clone, Debug)]
pub struct Household {
    /// In which of the [`CITIES`].
    pub city: usize,
    /// The address, with a canary in some.
    pub address: String,
    /// The number of the parcel it stands on: 19 digits, of a province that there is not.
    pub parcel: String,
    /// Since when.
    pub moved_in: NaiveDate,
    /// Whether the head owns it.
    pub owned: bool,
    /// Who lives there, the head first.
    pub members: Vec<usize>,
}

/// The made-up cities, by their agencies' ids and by how addresses begin.
pub const CITIES: [(&str, &str); 3] = [("gaon", "가온시"), ("narae", "나래시"), ("dasom", "다솜시")];

/// To the head of the household.
pub const HEAD: &str = "본인";
/// Wife or husband of the head.
pub const SPOUSE: &str = "배우자";
/// Daughter or son of the head.
pub const CHILD: &str = "자녀";
/// Mother or father of the head.
pub const PARENT: &str = "부모";
/// Somebody else.
pub const OTHER: &str = "동거인";

impl World {
    /// The day so many years ago, or the day after where that year does not have it.
    pub fn years_ago(&self, years: u32) -> NaiveDate {
        self.today.checked_sub_months(Months::new(12 * years)).unwrap_or(self.today)
    }

    /// The day so many days ago.
    pub fn days_ago(&self, days: u64) -> NaiveDate {
        self.today.checked_sub_days(Days::new(days)).unwrap_or(self.today)
    }

    /// How old somebody is, or would be.
    pub fn age(&self, person: &Person) -> u32 {
        self.today.years_since(person.born).unwrap_or(0)
    }

    /// Whether somebody lives and is at least so old.
    pub fn lives(&self, person: &Person, at_least: u32) -> bool {
        person.died.is_none() && self.age(person) >= at_least
    }

    /// Whether somebody owns things: the grown-up living, and those whose estate is not divided yet.
    pub fn owns(&self, person: &Person) -> bool {
        self.age(person) >= 20 && person.died.is_none_or(|died| died > self.years_ago(2))
    }

    /// Everybody with their places.
    pub fn each(&self) -> impl Iterator<Item = (usize, &Person)> {
        self.people.iter().enumerate()
    }

    /// Where somebody lives.
    pub fn home(&self, person: &Person) -> &Household {
        &self.households[person.household]
    }

    /// A stream of draws about one person or thing.
    pub fn draw(&self, purpose: &str, index: usize) -> Draw {
        Draw::of(self.seed, purpose, index)
    }

    /// Adds somebody, who gets the number of the next place.
    pub(super) fn add(&mut self, mut person: Person) -> usize {
        let place = self.people.len();
        person.number = number(person.born, (person.male, person.foreign), place);
        self.people.push(person);
        place
    }

    /// Gives people a roof: the first of them is the head.
    pub(super) fn house(&mut self, members: Vec<usize>, (city, moved_in): (usize, NaiveDate)) {
        let place = self.households.len();
        let mut draw = self.draw("address", place);
        let street = draw.one(&lists::STREETS);
        let (house, block, flat) = (draw.count(1, 180), draw.count(101, 112), draw.count(101, 1904));
        let name = canary::after(self.seed, "address", members[0]);
        let address = format!("{} {street} {house}, {block}동 {flat}호{name}", CITIES[city].1);
        // No province has the code 99.
        let parcel = format!("99{}10101001{:04}{:04}", city + 1, place / 10_000 + 1, place % 10_000);
        for member in &members {
            self.people[*member].household = place;
        }
        let owned = draw.percent(60);
        self.households.push(Household { city, address, parcel, moved_in, owned, members });
    }
}

impl Person {
    /// Somebody without a family, a number or a home so far.
    pub(super) fn new((surname, given): (&'static str, &str), male: bool, born: NaiveDate) -> Self {
        Self {
            name: format!("{surname}{given}"),
            surname,
            number: String::new(),
            male,
            foreign: false,
            born: usable(born),
            died: None,
            household: 0,
            relation: HEAD,
            parents: [None, None],
            spouse: None,
            guardian: None,
        }
    }

    /// The first day of the year in which they are so old.
    pub fn year_of_age(&self, years: i32) -> NaiveDate {
        NaiveDate::from_ymd_opt(self.born.year() + years, 1, 1).unwrap_or(self.born)
    }
}

/// A birthday that numbers can say.
fn usable(born: NaiveDate) -> NaiveDate {
    if (born.month(), born.day()) == (2, 29) { born.pred_opt().unwrap_or(born) } else { born }
}

/// How many people there can be.
pub const MOST: usize = number::MOST;
