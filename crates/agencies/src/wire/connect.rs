use std::{
    future::Future,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use http::Uri;
use hyper_rustls::{HttpsConnector, MaybeHttpsStream};
use hyper_util::{client::legacy::connect::HttpConnector, rt::TokioIo};
use rustls::{
    ClientConfig, RootCertStore,
    pki_types::{CertificateDer, PrivateKeyDer},
};
use tokio::net::TcpStream;
use tower::Service;

type Stream = MaybeHttpsStream<TokioIo<TcpStream>>;
type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// Whom TLS trusts, and who we are.
#[derive(Default)]
pub struct Trust {
    /// These authorities, or, when there are none, those that browsers trust.
    pub authorities: Vec<CertificateDer<'static>>,
    /// Our certificate with those between it and its authority, and its key.
    pub identity: Option<(Vec<CertificateDer<'static>>, PrivateKeyDer<'static>)>,
}

/// Connects, with TLS where the address says so, within a time.
#[derive(Clone)]
pub struct Connector {
    inner: HttpsConnector<HttpConnector>,
    time: Duration,
}

impl Connector {
    /// Connects within this time.
    ///
    /// # Errors
    /// When a certificate is not one, or not the key's.
    pub fn new(trust: Trust, time: Duration) -> Result<Self, rustls::Error> {
        let mut roots = RootCertStore::empty();
        if trust.authorities.is_empty() {
            roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
        }
        for authority in trust.authorities {
            roots.add(authority)?;
        }
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let tls = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_root_certificates(roots);
        let tls = match trust.identity {
            Some((chain, key)) => tls.with_client_auth_cert(chain, key)?,
            None => tls.with_no_client_auth(),
        };
        let mut tcp = HttpConnector::new();
        tcp.enforce_http(false);
        tcp.set_nodelay(true);
        let inner = hyper_rustls::HttpsConnectorBuilder::new()
            .with_tls_config(tls)
            .https_or_http()
            .enable_all_versions()
            .wrap_connector(tcp);
        Ok(Self { inner, time })
    }
}

impl Service<Uri> for Connector {
    type Response = Stream;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<Stream, BoxError>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.inner.poll_ready(context)
    }

    /// The time is for all of it. A connection that is never made would otherwise be waited for by everybody who wants
    /// to share it.
    fn call(&mut self, to: Uri) -> Self::Future {
        let connecting = tokio::time::timeout(self.time, self.inner.call(to));
        Box::pin(async move { connecting.await? })
    }
}
