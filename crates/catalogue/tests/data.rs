//! The catalogue that is shipped.

use std::path::Path;

use catalogue::load;
use domain::service::Catalogue;

fn real() -> Catalogue {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../catalogue");
    match load(&dir) {
        Ok(catalogue) => catalogue,
        Err(faults) => {
            let lines: Vec<_> = faults.iter().map(ToString::to_string).collect();
            panic!("{} faults:\n{}", lines.len(), lines.join("\n"))
        }
    }
}

#[test]
fn the_catalogue_has_no_fault() {
    assert_eq!(real().record_kinds.len(), 50);
}
