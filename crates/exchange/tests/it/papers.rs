//! Grant files and offline packages.

use std::collections::HashSet;

use domain::service::AgencyId;
use exchange::{
    grant::Grant,
    ids::PackageId,
    keys::SigningKey,
    package::{self, Address, File, OpenedOnce},
    refusal::{Refusal, Refused},
    seal::{SealingKey, SealingKeys},
};

use crate::world::{World, in_force, named, now, public, seconds};

fn code<T>(result: Result<T, Refused>) -> Option<Refusal> {
    result.err().map(|refused| refused.code)
}

#[test]
fn a_grant_signed_by_its_holder_or_the_centre_is_taken() {
    let mut world = World::new();
    let centre = "sharing-centre".parse().unwrap();
    let centre_key = SigningKey::make("centre-sign-1".parse().unwrap(), &world.dice);
    world.keys.add(public("sharing-centre", &centre_key)).unwrap();
    for key in [&world.receiver.key, &centre_key] {
        let file = world.grants[0].sign(key).unwrap();
        assert_eq!(Grant::open(&file, &world.keys, Some(&centre), now()).unwrap(), world.grants[0]);
    }
    let file = world.grants[0].sign(&centre_key).unwrap();
    assert_eq!(code(Grant::open(&file, &world.keys, None, now())), Some(Refusal::UnknownKey));
}

#[test]
fn a_grant_that_the_client_signs_for_itself_is_refused() {
    let world = World::new();
    let file = world.grants[0].sign(&world.sender.key).unwrap();
    assert_eq!(code(Grant::open(&file, &world.keys, None, now())), Some(Refusal::UnknownKey));
}

#[test]
fn an_altered_grant_is_refused() {
    let world = World::new();
    let file = String::from_utf8(world.grants[0].sign(&world.receiver.key).unwrap()).unwrap();
    for (from, to, expected) in [
        ("\"per_minute\":600", "\"per_minute\":900", Refusal::BadSignature),
        ("\"per_minute\":600", "\"per_minute\": 600", Refusal::Malformed),
        ("\"per_minute\":600", "\"per_minute\":0", Refusal::Malformed),
        ("\"amount\",", "\"amount\",\"amount\",", Refusal::Malformed),
        ("\"consent\":true", "\"consent\":true,\"all\":true", Refusal::Malformed),
    ] {
        let altered = file.replacen(from, to, 1);
        assert_ne!(altered, file);
        assert_eq!(code(Grant::open(altered.as_bytes(), &world.keys, None, now())), Some(expected), "{to}");
    }
}

#[derive(Default)]
struct Opened(HashSet<(AgencyId, PackageId)>);

impl OpenedOnce for Opened {
    fn note(&mut self, maker: &AgencyId, id: PackageId) -> bool {
        self.0.insert((maker.clone(), id))
    }
}

struct Parcel {
    world: World,
    keys: SealingKeys,
    bytes: Vec<u8>,
}

fn files() -> Vec<File> {
    [("records.json", b"[]".as_slice()), ("비고.txt", "내용".as_bytes()), ("empty", b"")]
        .map(|(name, bytes)| File { name: name.to_owned(), bytes: bytes.to_vec() })
        .into()
}

fn parcel() -> Parcel {
    let world = World::new();
    let key = SealingKey::make(named("madang", "madang-seal-1", in_force()), &world.dice);
    let address = Address {
        id: PackageId::mint(now(), &world.dice),
        from: "nts".parse().unwrap(),
        to: "madang".parse().unwrap(),
        time: (now().into(), seconds(86_400).into()),
    };
    let bytes = package::pack(&address, &files(), &world.receiver.key, &key.public(), &world.dice).unwrap();
    Parcel { world, keys: SealingKeys::new(vec![key]), bytes }
}

#[test]
fn a_package_is_opened_once_by_its_recipient() {
    let parcel = parcel();
    let mut opened = Opened::default();
    let (me, keys) = ("madang".parse().unwrap(), &parcel.world.keys);
    let open = |opened: &mut Opened| {
        package::check(&parcel.bytes, &me, keys, now())?.open(&parcel.keys, opened, now())
    };
    assert_eq!(open(&mut opened).unwrap(), files());
    assert_eq!(code(open(&mut opened)), Some(Refusal::Replayed));
}

#[test]
fn a_package_for_somebody_else_from_a_stranger_or_out_of_time_is_refused() {
    let parcel = parcel();
    let nobody = exchange::keys::KeyRing::default();
    let check =
        |to: &str, keys, at| code(package::check(&parcel.bytes, &to.parse().unwrap(), keys, seconds(at)));
    let keys = &parcel.world.keys;
    assert_eq!(check("madang", keys, 0), None);
    assert_eq!(check("bank", keys, 0), Some(Refusal::WrongReceiver));
    assert_eq!(check("madang", &nobody, 0), Some(Refusal::UnknownKey));
    assert_eq!(check("madang", keys, 86_400), Some(Refusal::Expired));
    assert_eq!(check("madang", keys, -601), Some(Refusal::NotYetValid));
}

#[test]
fn a_package_that_cannot_be_opened_is_not_used_up() {
    let parcel = parcel();
    let mut opened = Opened::default();
    let me = "madang".parse().unwrap();
    let checked = package::check(&parcel.bytes, &me, &parcel.world.keys, now()).unwrap();
    let other = SealingKey::make(named("madang", "madang-seal-1", in_force()), &parcel.world.dice);
    let refused = checked.open(&SealingKeys::new(vec![other]), &mut opened, now());
    assert_eq!(code(refused), Some(Refusal::BadSeal));
    assert!(opened.0.is_empty());
}

#[test]
fn a_name_that_leads_out_of_the_folder_is_refused() {
    let world = World::new();
    let key = SealingKey::make(named("madang", "madang-seal-1", in_force()), &world.dice);
    let address = Address {
        id: PackageId::mint(now(), &world.dice),
        from: "nts".parse().unwrap(),
        to: "madang".parse().unwrap(),
        time: (now().into(), seconds(1).into()),
    };
    for bad in [
        "",
        "../a",
        "a/b",
        "a\\b",
        ".hidden",
        "c:a",
        "a\n",
        "..",
        "a.",
        "a ",
        " a",
        "con",
        "Con.txt",
        "com1",
        "a\u{202e}txt.exe",
        "a?",
    ] {
        let files = [File { name: bad.to_owned(), bytes: vec![] }];
        let packed = package::pack(&address, &files, &world.receiver.key, &key.public(), &world.dice);
        assert_eq!(code(packed), Some(Refusal::Malformed), "{bad:?}");
    }
    let mut twice = [files()[0].clone(), files()[0].clone()];
    for name in ["records.json", "Records.JSON"] {
        name.clone_into(&mut twice[1].name);
        let packed = package::pack(&address, &twice, &world.receiver.key, &key.public(), &world.dice);
        assert_eq!(code(packed), Some(Refusal::Malformed), "{name}");
    }
}

#[test]
fn a_package_is_not_sealed_to_somebody_elses_key_or_one_that_ran_out() {
    let world = World::new();
    let address = Address {
        id: PackageId::mint(now(), &world.dice),
        from: "nts".parse().unwrap(),
        to: "madang".parse().unwrap(),
        time: (now().into(), seconds(1).into()),
    };
    let past = (seconds(-60).into(), now().into());
    for named in [named("bank", "bank-seal-1", in_force()), named("madang", "madang-seal-0", past)] {
        let key = SealingKey::make(named, &world.dice).public();
        let packed = package::pack(&address, &files(), &world.receiver.key, &key, &world.dice);
        assert_eq!(code(packed), Some(Refusal::UnknownKey));
    }
}

#[test]
fn two_makers_may_use_one_id() {
    let parcel = parcel();
    let mut opened = Opened::default();
    let me = "madang".parse().unwrap();
    let checked = package::check(&parcel.bytes, &me, &parcel.world.keys, now()).unwrap();
    opened.note(&"nhis".parse().unwrap(), checked.manifest().id);
    assert_eq!(checked.open(&parcel.keys, &mut opened, now()).unwrap(), files());
}

#[test]
fn a_list_of_files_that_is_not_canonical_is_refused() {
    let digest = exchange::digest::Digest::of(b"");
    let list = format!(r#"[{{"bytes":0,"digest":"{digest}","name":"a"}}]"#);
    let contents = |list: &str| [&u32::try_from(list.len()).unwrap().to_be_bytes(), list.as_bytes()].concat();
    assert_eq!(package::read_contents(&contents(&list)).unwrap().len(), 1);
    for spoilt in
        [list.replace(',', ", "), format!(r#"[["a",0,"{digest}"]]"#), list.replace("\"a\"", "\"../a\"")]
    {
        assert_eq!(code(package::read_contents(&contents(&spoilt))), Some(Refusal::Malformed), "{spoilt}");
    }
}
