//! `anyue serve`: the real thing.

use std::net::SocketAddr;

use tokio::net::TcpListener;
use tracing_subscriber::EnvFilter;

use super::start::{self, Opened};
use super::{Common, Outcome, say};
use crate::App;
use crate::config::LogConfig;
use crate::features::{accounts, evidence};

pub(super) async fn run(common: &Common) -> Outcome {
    let config = common.settings()?;
    start_log(&config.log)?;
    for remark in super::check_config::remarks(&config) {
        tracing::warn!("{remark}");
    }
    if !config.evidence.ffmpeg.is_empty() && !evidence::api::has_ffmpeg(&config.evidence.ffmpeg) {
        tracing::info!(program = %config.evidence.ffmpeg, "not found: videos are shown without a picture");
    }
    let listen = config.server.listen;
    let opened = start::open(config, common.clock()).await?;
    opened.app.keyring.open(&opened.app.ids).map_err(|error| format!("the keys of receipts: {error}"))?;
    let listener = bind(listen).await?;
    if let Some(secret) = accounts::api::setup_link(&opened.app).await.map_err(|error| error.to_string())? {
        say(format!(
            "First start. Open this link once, within 24 hours, to set the installation up:\n  {}/setup/{}",
            opened.app.config.server.public_url,
            secret.reveal()
        ));
    }
    serve(opened, listener).await
}

/// Listens, or says why not.
pub(super) async fn bind(listen: SocketAddr) -> Result<TcpListener, String> {
    TcpListener::bind(listen).await.map_err(|error| format!("cannot listen on {listen}: {error}"))
}

/// Answers requests and works until asked to stop; then finishes what is under way.
pub(super) async fn serve(opened: Opened, listener: TcpListener) -> Outcome {
    let app = opened.app.clone();
    let address = listener.local_addr().map_err(|error| error.to_string())?;
    tracing::info!(%address, "listening");
    let worker = tokio::spawn(crate::jobs::work(app.clone()));
    let service = crate::router::build(app.clone()).into_make_service_with_connect_info::<SocketAddr>();
    axum::serve(listener, service).with_graceful_shutdown(stop()).await.map_err(|error| error.to_string())?;
    worker.abort();
    let _ = worker.await;
    close(app).await;
    tracing::info!("stopped");
    Ok(())
}

async fn close(app: App) {
    if let Err(error) = app.db.clone().close().await {
        tracing::warn!(%error, "closing the database failed");
    }
}

/// Ends with Ctrl-C or the system's request to terminate.
async fn stop() {
    let interrupt = async {
        let _ = tokio::signal::ctrl_c().await;
    };
    #[cfg(unix)]
    let terminate = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminate = std::future::pending::<()>();
    tokio::select! {
        () = interrupt => {}
        () = terminate => {}
    }
}

/// Starts the log on standard error.
pub(super) fn start_log(log: &LogConfig) -> Outcome {
    let filter = EnvFilter::try_new(&log.level).map_err(|error| format!("log.level: {error}"))?;
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let started = match log.format.as_str() {
        "json" => builder.json().try_init(),
        "text" => builder.try_init(),
        other => return Err(format!("log.format is {other:?}; it can be \"text\" or \"json\"")),
    };
    started.map_err(|error| error.to_string())
}
