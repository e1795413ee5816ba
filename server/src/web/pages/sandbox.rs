//! The sandbox's mailbox.

use app::pages::sandbox as view;

use crate::web::{ctx::Ctx, error::Answer};

/// How many messages it shows.
const MOST: i64 = 50;

pub async fn messages(ctx: Ctx) -> Answer {
    let mut db = ctx.portal.pool.acquire().await.map_err(store::StoreError::from)?;
    let rows = store::message::list_kept(&mut db, MOST).await?;
    let messages = rows
        .into_iter()
        .map(|row| view::MessageView {
            to: row.contact.to_string(),
            subject: row.subject,
            body: row.body,
            at: row.created_at,
        })
        .collect();
    Ok(ctx.page(view::head(ctx.locale), || view::messages(messages)))
}
