//! Makes the people, household by household.

use chrono::{Days, Months, NaiveDate};

use super::{
    draw::Draw,
    known::{KNOWN, place},
    lists,
    people::{CHILD, CITIES, OTHER, PARENT, Person, SPOUSE, World},
};

/// Makes so many people, at least everybody known. The same numbers and day make the same people.
pub fn people(seed: u64, count: usize, today: NaiveDate) -> World {
    let (people, households) = (Vec::with_capacity(count), Vec::with_capacity(count / 2));
    let mut families = Families { world: World { seed, today, people, households }, elders: Vec::new() };
    families.known();
    while families.world.people.len() < count {
        families.household(count - families.world.people.len());
    }
    families.world
}

struct Families {
    world: World,
    /// Couples whose children are grown up.
    elders: Vec<(usize, usize)>,
}

impl Families {
    fn known(&mut self) {
        for known in &KNOWN {
            let surname = lists::SURNAMES.iter().find(|(surname, _)| known.name.starts_with(surname));
            let mut person = Person::new((surname.map_or("", |found| found.0), ""), known.male, known.born());
            person.foreign = known.foreign;
            known.name.clone_into(&mut person.name);
            self.world.add(person);
        }
        let day = |year, month, day| NaiveDate::from_ymd_opt(year, month, day).unwrap_or_default();
        let (mother, father) = (place("mother"), place("father"));
        let (deceased, widow) = (place("deceased"), place("widow"));
        self.marry((father, mother), day(2016, 10, 8));
        self.marry((deceased, widow), day(1984, 4, 21));
        self.world.people[deceased].died = Some(self.world.days_ago(40));
        for (child, parents) in [
            ("twin-sister", [Some(father), Some(mother)]),
            ("twin-brother", [Some(father), Some(mother)]),
            ("mother", [Some(deceased), Some(widow)]),
            ("heir", [Some(deceased), Some(widow)]),
            ("child-of-single-parent", [None, Some(place("single-parent"))]),
        ] {
            self.world.people[place(child)].parents = parents;
        }
        self.world.people[place("ward")].guardian = Some(place("guardian"));
        let roofs: [(&[(&str, &'static str)], usize); 4] = [
            (&[("father", ""), ("mother", SPOUSE), ("twin-sister", CHILD), ("twin-brother", CHILD)], 0),
            (&[("single-parent", ""), ("child-of-single-parent", CHILD)], 2),
            (&[("guardian", ""), ("ward", OTHER)], 0),
            (&[("widow", "")], 1),
        ];
        let mut housed = vec!["deceased"];
        for (roles, city) in roofs {
            for (role, relation) in &roles[1..] {
                self.world.people[place(role)].relation = relation;
            }
            housed.extend(roles.iter().map(|(role, _)| role));
            self.known_house(roles.iter().map(|(role, _)| place(role)).collect(), city);
        }
        self.world.people[deceased].household = self.world.people[widow].household;
        for (index, one) in KNOWN.iter().enumerate().filter(|(_, one)| !housed.contains(&one.role)) {
            let city = match one.role {
                "moved-yesterday" => 1,
                "representative" => 2,
                "foreigner" => 0,
                _ => index % CITIES.len(),
            };
            self.known_house(vec![index], city);
        }
    }

    fn known_house(&mut self, members: Vec<usize>, city: usize) {
        let moved = if members[0] == place("moved-yesterday") { 1 } else { 1_500 };
        let moved_in = self.world.days_ago(moved);
        let owned = [place("indebted"), place("widow")].contains(&members[0]);
        self.world.house(members, (city, moved_in));
        if let Some(home) = self.world.households.last_mut().filter(|_| owned) {
            home.owned = true;
        }
    }

    /// One more household, of at most so many people.
    fn household(&mut self, most: usize) {
        let mut draw = self.world.draw("household", self.world.households.len());
        let kind = if most < 6 { 0 } else { draw.count(0, 199) };
        let members = match kind {
            0..70 => vec![self.single(&mut draw)],
            70..106 => self.couple(&mut draw, (28, 85)).to_vec(),
            106..164 => self.family(&mut draw),
            164..178 => self.single_parent(&mut draw),
            178..190 => self.three_generations(&mut draw),
            190..198 => vec![self.widowed(&mut draw)],
            198 => self.guardian(&mut draw),
            _ => vec![self.foreigner(&mut draw)],
        };
        let head = &self.world.people[members[0]];
        let (grown, latest) = (plus(head.born, 19), self.world.days_ago(2));
        let moved_in = if draw.one_in(400) {
            self.world.days_ago(1)
        } else {
            draw.day(grown.max(self.world.years_ago(15)).min(latest), latest)
        };
        let city = draw.count(0, CITIES.len() - 1);
        self.world.house(members, (city, moved_in));
        // Whoever died lived where the family lives.
        let place = self.world.households.len() - 1;
        let head = self.world.households[place].members[0];
        if let Some((gone, _)) = self.world.people[head].spouse
            && self.world.people[gone].died.is_some()
        {
            self.world.people[gone].household = place;
        }
    }

    fn born(&self, draw: &mut Draw, (least, most): (u32, u32)) -> NaiveDate {
        draw.day(self.world.years_ago(most), self.world.years_ago(least))
    }

    /// A grown-up; with parents among the people, when there are some of the right age.
    fn adult(&mut self, draw: &mut Draw, male: bool, born: NaiveDate) -> usize {
        let mut person = Person::new((surname(draw), &given(draw, male)), male, born);
        if !self.elders.is_empty() && draw.percent(60) {
            let (father, mother) = *draw.one(&self.elders);
            let (_, married) = self.world.people[mother].spouse.unwrap_or((father, born));
            let then = self.world.people[mother].born;
            if born >= married && born <= plus(then, 43) && born >= plus(then, 20) {
                let surname = self.world.people[father].surname;
                person = Person::new((surname, &given(draw, male)), male, born);
                person.parents = [Some(father), Some(mother)];
            }
        }
        self.world.add(person)
    }

    fn single(&mut self, draw: &mut Draw) -> usize {
        let (male, born) = (draw.percent(50), self.born(draw, (19, 88)));
        self.adult(draw, male, born)
    }

    /// Husband and wife.
    fn couple(&mut self, draw: &mut Draw, ages: (u32, u32)) -> [usize; 2] {
        let born = self.born(draw, ages);
        let younger = born + Days::new(draw.between(0, 1_800));
        let (his, hers) = if draw.percent(75) { (born, younger) } else { (younger, born) };
        let husband = self.adult(draw, true, his);
        let wife = self.adult(draw, false, hers);
        // Brother and sister do not marry.
        if self.world.people[wife].parents[0].is_some()
            && self.world.people[wife].parents == self.world.people[husband].parents
        {
            self.world.people[wife] = Person {
                number: std::mem::take(&mut self.world.people[wife].number),
                ..Person::new((surname(draw), &given(draw, false)), false, hers)
            };
        }
        let married = draw.day(plus(his.max(hers), 20), plus(his.max(hers), 32).min(self.world.days_ago(30)));
        self.marry((husband, wife), married);
        self.world.people[wife].relation = SPOUSE;
        if self.world.age(&self.world.people[wife]) >= 45 {
            self.elders.push((husband, wife));
        }
        [husband, wife]
    }

    fn marry(&mut self, (one, other): (usize, usize), on: NaiveDate) {
        self.world.people[one].spouse = Some((other, on));
        self.world.people[other].spouse = Some((one, on));
    }

    fn family(&mut self, draw: &mut Draw) -> Vec<usize> {
        let [father, mother] = self.couple(draw, (27, 55));
        let count = draw.count(1, 3);
        let children = self.children(draw, [Some(father), Some(mother)], count);
        [vec![father, mother], children].concat()
    }

    /// Up to `count` children at home, some of them twins.
    fn children(&mut self, draw: &mut Draw, parents: [Option<usize>; 2], count: usize) -> Vec<usize> {
        let Some(mother) = parents[1].or(parents[0]) else { return Vec::new() };
        let (then, since) = (self.world.people[mother].born, self.world.people[mother].spouse);
        let from = since.map_or(plus(then, 20), |(_, married)| married).max(self.world.years_ago(25));
        let to = plus(then, 43).min(self.world.days_ago(1));
        let surname = self.world.people[parents[0].unwrap_or(mother)].surname;
        let (mut children, mut twin) = (Vec::new(), None);
        while children.len() < count && from < to {
            let (born, male) = (twin.take().unwrap_or_else(|| draw.day(from, to)), draw.percent(51));
            let mut child = Person::new((surname, &given(draw, male)), male, born);
            (child.parents, child.relation) = (parents, CHILD);
            children.push(self.world.add(child));
            twin = draw.percent(3).then_some(born);
        }
        children
    }

    fn single_parent(&mut self, draw: &mut Draw) -> Vec<usize> {
        let (male, born) = (draw.percent(20), self.born(draw, (26, 50)));
        let parent = self.adult(draw, male, born);
        let parents = if male { [Some(parent), None] } else { [None, Some(parent)] };
        let count = draw.count(1, 2);
        [vec![parent], self.children(draw, parents, count)].concat()
    }

    fn three_generations(&mut self, draw: &mut Draw) -> Vec<usize> {
        let mut members = self.family(draw);
        let head = members[0];
        if self.world.people[head].parents == [None, None] {
            let born =
                draw.day(minus(self.world.people[head].born, 38), minus(self.world.people[head].born, 22));
            let grandmother = Person::new((surname(draw), &given(draw, false)), false, born);
            let grandmother = self.world.add(grandmother);
            self.world.people[grandmother].relation = PARENT;
            self.world.people[head].parents[1] = Some(grandmother);
            members.push(grandmother);
        }
        members
    }

    /// A widow or widower, and whoever died: in the registers, and under no roof.
    fn widowed(&mut self, draw: &mut Draw) -> usize {
        let [husband, wife] = self.couple(draw, (50, 90));
        let (gone, left) = if draw.percent(75) { (husband, wife) } else { (wife, husband) };
        let married = self.world.people[gone].spouse.map_or(self.world.today, |(_, married)| married);
        let died = draw.day(married.max(self.world.years_ago(12)), self.world.days_ago(1));
        self.world.people[gone].died = Some(died);
        self.world.people[left].relation = super::people::HEAD;
        // Nobody is born to them after that.
        self.elders.pop_if(|couple| *couple == (husband, wife));
        left
    }

    fn guardian(&mut self, draw: &mut Draw) -> Vec<usize> {
        let born = self.born(draw, (30, 65));
        let guardian = self.adult(draw, false, born);
        let (male, born) = (draw.percent(50), self.born(draw, (8, 17)));
        let mut ward = Person::new((surname(draw), &given(draw, male)), male, born);
        (ward.guardian, ward.relation) = (Some(guardian), OTHER);
        vec![guardian, self.world.add(ward)]
    }

    fn foreigner(&mut self, draw: &mut Draw) -> usize {
        let male = draw.percent(50);
        let [family, women, men] = &lists::FOREIGN;
        let day = |year, month, day| NaiveDate::from_ymd_opt(year, month, day).unwrap_or_default();
        // See `number`: these years alone make numbers that nobody can have.
        let mut person = Person::new(("", ""), male, draw.day(day(2000, 1, 1), day(2006, 12, 31)));
        person.name = format!("{} {}", draw.one(family), draw.one(if male { men } else { women }));
        person.foreign = true;
        self.world.add(person)
    }
}

fn surname(draw: &mut Draw) -> &'static str {
    let all = lists::SURNAMES.iter().map(|(_, weight)| weight).sum::<u64>();
    let mut left = draw.between(1, all);
    let found = lists::SURNAMES.iter().find(|(_, weight)| {
        let here = left <= *weight;
        left = left.saturating_sub(*weight);
        here
    });
    found.map_or("김", |found| found.0)
}

fn given(draw: &mut Draw, male: bool) -> String {
    let last = draw.one(if male { &lists::LAST_OF_MEN } else { &lists::LAST_OF_WOMEN });
    if draw.percent(3) { (*last).to_owned() } else { format!("{}{last}", draw.one(&lists::FIRST)) }
}

fn plus(day: NaiveDate, years: u32) -> NaiveDate {
    day.checked_add_months(Months::new(12 * years)).unwrap_or(day)
}

fn minus(day: NaiveDate, years: u32) -> NaiveDate {
    day.checked_sub_months(Months::new(12 * years)).unwrap_or(day)
}
