//! The file that `MADANG_AGENCIES` names: who may be asked, where, and with which keys. `docs/agencies.md` describes it.

mod xroad;

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
    time::Duration,
};

use domain::service::AgencyId;
use exchange::{
    client::Sender, key_file::KeyFile, keys::KeyRing, origin::Origin, seal::SealingKeys, sign::Window,
    subject::SubjectKey,
};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject as _};
use toml_file::{Fault, File, Node, Table};

use crate::{
    direct::Direct,
    partner::{Limits, Partner, SealTo, Way},
    wire::{Pool, Trust, Wire},
};

/// All that the file says.
pub(crate) struct Read {
    pub sender: Sender,
    /// The portal's own keys that packages are sealed to.
    pub sealing: SealingKeys,
    /// What agencies sign with, and the portal itself, with the keys it had before.
    pub keys: KeyRing,
    pub partners: BTreeMap<AgencyId, Partner>,
}

/// Reads the file and every key that it names.
///
/// # Errors
/// All faults, with file and line.
pub(crate) fn read(path: &Path) -> Result<Read, Vec<Fault>> {
    let text = std::fs::read_to_string(path).map_err(|error| {
        vec![Fault { file: path.to_owned(), line: 0, message: format!("cannot be read: {error}") }]
    })?;
    File::new(path, &text).parse(whole)
}

fn whole(table: &Table) -> Option<Read> {
    let client: Option<AgencyId> = table.required("client").and_then(|node| node.parsed());
    let (mut partners, mut keys) = (BTreeMap::new(), KeyRing::default());
    let sign = table.required("sign").and_then(|node| {
        let file = key_file(&node, client.as_ref())?;
        let own = node.good(file.public().and_then(|file| file.verifying_key()))?;
        node.good(keys.add(own))?;
        node.good(file.signing_key())
    });
    for node in table.list("earlier") {
        let key = key_file(&node, client.as_ref()).and_then(|file| node.good(file.verifying_key()));
        key.and_then(|key| node.good(keys.add(key)));
    }
    let mut sealing = Vec::new();
    for node in table.list("seal") {
        sealing.extend(key_file(&node, client.as_ref()).and_then(|file| node.good(file.sealing_key())));
    }
    let entries = table.table("agencies").map(|table| table.entries::<AgencyId>()).unwrap_or_default();
    for (id, node) in entries {
        let Some(table) = node.table() else { continue };
        let partner = partner(id.clone(), (client.as_ref(), &mut keys), &table);
        partners.extend(partner.map(|partner| (id, partner)));
    }
    let sender = Sender { client: client?, key: sign?, window: Window::default() };
    Some(Read { sender, sealing: SealingKeys::new(sealing), keys, partners })
}

fn partner(
    agency: AgencyId,
    (client, keys): (Option<&AgencyId>, &mut KeyRing),
    table: &Table,
) -> Option<Partner> {
    let limits = limits(table);
    let subject = subject(table, client, &agency);
    let way = way(table, (&agency, keys), limits);
    let mut kinds: BTreeSet<_> = table.list("kinds").iter().filter_map(Node::parsed).collect();
    if let Some(Way::XRoad(xroad)) = &way {
        kinds.extend(xroad.services.keys().cloned());
    }
    let mut partner = Partner::new(agency, way?, subject?, limits?);
    partner.kinds = kinds;
    Some(partner)
}

fn way(table: &Table, (agency, keys): (&AgencyId, &mut KeyRing), limits: Option<Limits>) -> Option<Way> {
    let word = table.optional("way").map_or(Some("direct"), |node| node.string())?;
    match word {
        "direct" => {
            let origin = table.required("origin").and_then(|node| origin(&node));
            signing_keys(table, agency, keys);
            let seal = sealing_keys(table, agency);
            let wire = wire(table, limits?, true);
            Some(Way::Direct(Box::new(Direct { origin: origin?, seal, wire: wire? })))
        }
        "offline" => {
            signing_keys(table, agency, keys);
            Some(Way::Offline(sealing_keys(table, agency)))
        }
        "xroad" => xroad::read(table, limits).map(|xroad| Way::XRoad(Box::new(xroad))),
        _ => {
            table.fault("`way` is `direct`, `xroad` or `offline`");
            None
        }
    }
}

/// The connections. Trusted are the authorities of the file `ca`, in PEM, or those that browsers trust. `certificate`, in
/// PEM with its key, says who we are, where that is asked.
fn wire(table: &Table, limits: Limits, prior: bool) -> Option<Wire> {
    let pool = Pool { kept: limits.concurrency, connect: limits.connect, prior };
    let authorities =
        table.optional("ca").map_or(Some(Vec::new()), |node| certificates(&node, &node.bytes()?));
    let identity = table.optional("certificate").map_or(Some(None), |node| {
        let pem = node.bytes()?;
        let key = node.good(PrivateKeyDer::from_pem_slice(&pem));
        Some(Some((certificates(&node, &pem)?, key?)))
    });
    let trust = Trust { authorities: authorities?, identity: identity? };
    Wire::new(trust, pool).map_err(|error| table.fault(format!("TLS: {error}"))).ok()
}

fn certificates(node: &Node, pem: &[u8]) -> Option<Vec<CertificateDer<'static>>> {
    let read: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
    let read = node.good(read)?;
    if read.is_empty() {
        node.fault("no certificate is in it");
    }
    Some(read)
}

/// An origin; without TLS only on this machine.
fn origin(node: &Node) -> Option<Origin> {
    let origin: Origin = node.parsed()?;
    let uri: http::Uri = node.good(origin.to_string().parse())?;
    let host = uri.host().unwrap_or_default().trim_matches(['[', ']']);
    let here =
        host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback());
    if uri.scheme_str() == Some("http") && !here {
        node.fault("only an agency on this machine is asked without TLS");
        return None;
    }
    Some(origin)
}

fn signing_keys(table: &Table, agency: &AgencyId, ring: &mut KeyRing) {
    let nodes = table.list("keys");
    if nodes.is_empty() {
        table.fault("`keys` names no key that the agency signs with");
    }
    for node in nodes {
        let key = key_file(&node, Some(agency)).and_then(|file| node.good(file.verifying_key()));
        key.and_then(|key| node.good(ring.add(key)));
    }
}

fn sealing_keys(table: &Table, agency: &AgencyId) -> Vec<SealTo> {
    let nodes = table.list("seal");
    if nodes.is_empty() {
        table.fault("`seal` names no key that requests are sealed to");
    }
    let read = nodes.iter().filter_map(|node| {
        let file = key_file(node, Some(agency))?;
        Some(SealTo { key: node.good(file.sealing_public())?, from: file.from, until: file.until })
    });
    read.collect()
}

/// The pair's key. As key files go, each side's copy may name the other.
fn subject(table: &Table, client: Option<&AgencyId>, agency: &AgencyId) -> Option<SubjectKey> {
    let node = table.required("subject")?;
    let file = key_file(&node, None)?;
    if file.owner != *agency && client.is_some_and(|client| *client != file.owner) {
        node.fault(format!("a key of `{}`", file.owner));
    }
    node.good(file.subject_key())
}

fn limits(table: &Table) -> Option<Limits> {
    let number = |key, most, absent| table.optional(key).map_or(Some(absent), |node| node.number(most));
    let millis = |key, absent| number(key, 60_000, absent).map(|ms| Duration::from_millis(ms.into()));
    let (whole, connect) = (millis("timeout_ms", 3_000), millis("connect_timeout_ms", 1_000));
    let (concurrency, hedge) = (number("concurrency", 10_000, 32), millis("hedge_ms", 50));
    let concurrency = usize::try_from(concurrency?).ok()?;
    Some(Limits { whole: whole?, connect: connect?, concurrency, hedge: hedge? })
}

/// The key file that a node names; a fault, when it is not `owner`'s.
fn key_file(node: &Node, owner: Option<&AgencyId>) -> Option<KeyFile> {
    let file = node.good(KeyFile::parse(&node.bytes()?))?;
    if owner.is_some_and(|owner| *owner != file.owner) {
        node.fault(format!("a key of `{}`", file.owner));
        return None;
    }
    Some(file)
}
