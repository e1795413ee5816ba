use domain::service::LegalBasis;

use crate::toml_file::Table;

/// `{ law = { ko, en }, article = "10-2", verified }`
pub(super) fn basis(table: &Table) -> LegalBasis {
    let article = table.optional("article").and_then(|node| {
        let text = node.string()?;
        let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        if text.split('-').count() > 2 || !text.split('-').all(is_number) {
            node.fault(format!("`{text}` is not an article such as 16 or 10-2"));
        }
        Some(text.to_owned())
    });
    LegalBasis { law: table.text("law"), article, verified: table.required_flag("verified") }
}
