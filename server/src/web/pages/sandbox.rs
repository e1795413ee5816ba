//! The sandbox's mailbox.

use app::pages::sandbox as view;

use crate::{
    desk::mailbox,
    web::{ctx::Ctx, error::Answer},
};

pub async fn messages(ctx: Ctx) -> Answer {
    let messages = mailbox::list(&ctx.portal)
        .await?
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
