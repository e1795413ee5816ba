//! Language, text size and contrast: plain cookies, set by a post that leads back to where it came from.

use app::page::{Contrast, TextSize};
use axum::response::Response;
use axum_extra::extract::cookie::{Cookie, SameSite};
use domain::text::Locale;

use crate::web::{
    ctx::{self, Ctx, set_cookie},
    doors::Doors,
    error::Answer,
    form::Posted,
};

pub fn mount(doors: Doors) -> Doors {
    doors
        .post("/preferences/language", language)
        .post("/preferences/text-size", text_size)
        .post("/preferences/contrast", contrast)
}

/// The chosen language also leaves the language prefix behind: the cookie now says it.
async fn language(mut ctx: Ctx, posted: Posted) -> Answer {
    let chosen = Locale::from_tag(posted.value("language")).unwrap_or(ctx.locale);
    ctx.prefix = "";
    Ok(keep(&ctx, &posted, (ctx::LOCALE, chosen.tag())))
}

async fn text_size(ctx: Ctx, posted: Posted) -> Answer {
    let chosen = TextSize::from_code(posted.value("text_size")).unwrap_or_default();
    Ok(keep(&ctx, &posted, (ctx::TEXT_SIZE, chosen.code())))
}

async fn contrast(ctx: Ctx, posted: Posted) -> Answer {
    let chosen = Contrast::from_code(posted.value("contrast")).unwrap_or_default();
    Ok(keep(&ctx, &posted, (ctx::CONTRAST, chosen.code())))
}

fn keep(ctx: &Ctx, posted: &Posted, (name, value): (&'static str, &'static str)) -> Response {
    let mut response = ctx.go(own_path(posted.value("back")).unwrap_or("/"));
    let cookie = Cookie::build((name, value))
        .path("/")
        .http_only(true)
        .secure(ctx.portal.config.is_https())
        .same_site(SameSite::Lax)
        .max_age(time::Duration::days(365))
        .build();
    set_cookie(&mut response, &cookie);
    response
}

/// A path of ours to go back to; nothing that a browser could read as another site's address.
pub fn own_path(text: &str) -> Option<&str> {
    let plain = text.bytes().all(|b| b.is_ascii_graphic() && b != b'\\');
    (text.starts_with('/') && !text.starts_with("//") && plain && text.len() <= 2000).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_back_stays_on_this_site() {
        assert_eq!(own_path("/search?q=%EC%97%AC"), Some("/search?q=%EC%97%AC"));
        for text in [
            "",
            "search",
            "//evil.example",
            "/\\evil.example",
            "https://evil.example",
            "/a\r\nSet-Cookie: b",
            "/ x",
        ] {
            assert_eq!(own_path(text), None, "{text:?}");
        }
    }
}
