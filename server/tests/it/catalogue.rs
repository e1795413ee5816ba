//! The catalogue in the database, and what people find in it.

use server::desk::catalogue;

use crate::portal::{TestPortal, root};

async fn found(portal: &TestPortal, query: &str) -> Vec<String> {
    let loaded = portal.portal.catalogue.load_full().unwrap();
    let places = catalogue::search(&portal.portal, &loaded, query).await.unwrap();
    places.iter().map(|place| loaded.catalogue.services[*place].id.as_str().to_owned()).collect()
}

#[tokio::test]
async fn a_service_is_found_by_its_name_part_of_it_and_with_typos() {
    let portal = TestPortal::start("search").await;
    for (query, id) in [
        ("여권", "passport"),
        ("여ㄱ", "passport"),
        ("여궈", "passport"),
        ("passport", "passport"),
        ("pasport", "passport"),
        ("PASSPORT", "passport"),
        ("전입신고", "move-in-report"),
        ("전입신", "move-in-report"),
        ("전닙신고", "move-in-report"),
        ("이사", "move-in-report"),
        ("이사 신고", "move-in-report"),
        ("moving house", "move-in-report"),
        ("move house", "move-in-report"),
        ("등본", "resident-register-issue"),
    ] {
        let ids = found(&portal, query).await;
        assert!(ids.iter().take(3).any(|found| found == id), "{query}: {ids:?}");
    }
    for query in ["", "   ", "zzzzqqqq", "%", "'; drop table citizens; --", "\\", "_"] {
        assert!(found(&portal, query).await.len() <= 20, "{query}");
    }
    portal.finish().await;
}

#[tokio::test]
async fn a_catalogue_is_loaded_once_and_its_versions_never_change() {
    let portal = TestPortal::start("versions").await;
    let mut changed = server::boot::read_catalogue(&root().join("catalogue")).unwrap();
    assert!(
        !catalogue::load(&portal.owner, &changed, portal.portal.now()).await.unwrap(),
        "it is in force already"
    );
    let before = portal.portal.catalogue.load_full().unwrap();
    changed.services[0].name.en.push_str(" (new)");
    assert!(catalogue::load(&portal.owner, &changed, portal.portal.now()).await.unwrap());
    let after = catalogue::refresh(&portal.portal).await.unwrap();
    assert_ne!(before.digest, after.digest);
    assert!(after.catalogue.services[0].name.en.ends_with("(new)"));
    let mut db = portal.owner.acquire().await.unwrap();
    let kept =
        store::catalogue::content(&mut db, &before.digest).await.unwrap().expect("the old one is kept");
    let kept: domain::service::Catalogue = serde_json::from_value(kept).unwrap();
    assert_eq!(kept, before.catalogue);
    let versions: i64 = sqlx::query_scalar("select count(*) from service_versions where service = $1")
        .bind(changed.services[0].id.as_str())
        .fetch_one(&portal.owner)
        .await
        .unwrap();
    assert_eq!(versions, 2);
    let all: i64 =
        sqlx::query_scalar("select count(*) from service_versions").fetch_one(&portal.owner).await.unwrap();
    assert_eq!(
        all,
        i64::try_from(changed.services.len()).unwrap() + 1,
        "unchanged services are not stored again"
    );
    drop(db);
    portal.finish().await;
}

#[tokio::test]
async fn every_page_of_the_catalogue_opens_in_both_languages() {
    let portal = TestPortal::start("pages").await;
    let loaded = portal.portal.catalogue.load_full().unwrap();
    let catalogue = &loaded.catalogue;
    let mut paths: Vec<String> =
        ["/", "/search", "/search?q=%EC%97%AC%EA%B6%8C", "/services", "/categories", "/life-events"]
            .map(str::to_owned)
            .to_vec();
    paths.extend(
        [
            "/help",
            "/privacy",
            "/accessibility",
            "/licences",
            "/design",
            "/sign-in",
            "/sign-up",
            "/reset",
            "/reset/sent",
        ]
        .map(str::to_owned),
    );
    for service in &catalogue.services {
        paths.push(format!("/services/{}", service.id.as_str()));
        paths.push(format!("/services/{}/start", service.id.as_str()));
    }
    paths.extend(catalogue.categories.iter().map(|category| format!("/categories/{}", category.id.as_str())));
    paths.extend(catalogue.life_events.iter().map(|event| format!("/life-events/{}", event.id.as_str())));
    for path in paths {
        for prefix in ["/ko", "/en"] {
            let reply = portal.browser().get(&format!("{prefix}{path}")).await;
            assert_eq!(reply.status, 200, "{prefix}{path}");
            assert!(reply.body.contains(&format!("<html lang=\"{}\"", &prefix[1..])), "{prefix}{path}");
        }
    }
    portal.finish().await;
}
