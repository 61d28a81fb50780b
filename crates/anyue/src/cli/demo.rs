//! `anyue demo`: an invented township in a fresh folder, two weeks into its campaign or on its first morning.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use super::{Common, Outcome, say, serve, start};
use crate::config::Config;
use crate::demo::{self, DemoAccount};
use crate::features::accounts;
use crate::platform::clock::Clock;

/// When the demonstration begins: the day after the notice was signed.
const MORNING: &str = "2022-06-13T08:30:00+08:00";

#[derive(clap::Args)]
pub(super) struct DemoArgs {
    /// Port on 127.0.0.1.
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// Only an empty installation with its set-up link.
    #[arg(long)]
    empty: bool,
    /// Stop on the first morning: nobody has held or reported anything yet.
    #[arg(long)]
    first_morning: bool,
    /// Further invented villages, until the town has this many units: for load tests.
    #[arg(long, default_value_t = 0)]
    units: usize,
}

pub(super) async fn run(common: &Common, args: &DemoArgs) -> Outcome {
    let mut config = Config::default();
    let temporary = tempfile::Builder::new().prefix("anyue-demo-").tempdir().map_err(|error| error.to_string())?;
    config.data.folder = match &common.data {
        Some(folder) => fresh(folder)?,
        None => temporary.path().to_path_buf(),
    };
    config.server.listen = SocketAddr::from(([127, 0, 0, 1], args.port));
    config.server.public_url = format!("http://127.0.0.1:{}", args.port);
    config.site.name = format!("{} 安全生产", demo::TOWN);
    config.site.sponsor_unit = "（演示）旗应急管理局".to_owned();
    config.site.sponsor_level = "county".to_owned();
    config.site.filing_no = "演示，未备案".to_owned();
    config.log.level = "warn".to_owned();
    serve::start_log(&config.log)?;

    let at = common.at.map_or_else(|| MORNING.parse().map_err(|error| format!("{MORNING}: {error}")), Ok)?;
    let listener = serve::bind(config.server.listen).await?;
    let opened = start::open(config, Clock::starting_at(at)).await?;
    let app = &opened.app;
    let url = app.config.server.public_url.clone();
    if args.empty {
        let secret = accounts::api::setup_link(app).await.map_err(|error| error.to_string())?;
        say(format!("Empty installation in {}", app.config.data.folder.display()));
        if let Some(secret) = secret {
            say(format!("Set it up: {url}/setup/{}", secret.reveal()));
        }
    } else {
        let extent = demo::Extent { units: args.units, weeks: !args.first_morning };
        let played = demo::play(app, extent).await.map_err(|error| error.to_string())?;
        let list = app.config.data.folder.join("accounts.json");
        write_list(&list, &played.accounts)?;
        introduce(
            &app.clock.local_now().strftime("%Y年%-m月%-d日 %-H:%M").to_string(),
            &url,
            played.campaign.as_str(),
            &played.accounts,
            &list,
        );
    }
    serve::serve(opened, listener).await
}

/// A folder that is empty or not there.
fn fresh(folder: &Path) -> Result<PathBuf, String> {
    if folder.exists() && std::fs::read_dir(folder).map_err(|error| error.to_string())?.next().is_some() {
        return Err(format!("{} is not empty; the demonstration wants a fresh folder", folder.display()));
    }
    Ok(folder.to_path_buf())
}

fn write_list(path: &Path, accounts: &[DemoAccount]) -> Outcome {
    let text = serde_json::to_string_pretty(accounts).map_err(|error| error.to_string())?;
    std::fs::write(path, text).map_err(|error| format!("{}: {error}", path.display()))
}

fn introduce(now: &str, url: &str, campaign: &str, accounts: &[DemoAccount], list: &Path) {
    say(format!("安月 Anyue — 演示：青龙山镇，{now}"));
    say("");
    say(format!("  公众首页　{url}/"));
    say(format!("  登录　　　{url}/signin"));
    say(format!("  已发布的活动（经办人员）　{url}/campaigns/{campaign}"));
    say(format!("  接口说明　{url}/api"));
    say("");
    let shown = accounts.iter().filter(|account| !account.login.starts_with("liaison"));
    for account in shown {
        let role = crate::platform::auth::Role::parse(account.role).map_or("", crate::platform::auth::Role::label);
        match (&account.password, &account.invitation) {
            (Some(password), _) => {
                say(format!("  {}　{}　账号 {}　密码 {}", role, account.unit, account.login, password))
            }
            (None, Some(link)) => say(format!("  {}　{}　邀请链接 {}", role, account.unit, link)),
            (None, None) => {}
        }
    }
    say("");
    say(format!("  以上账号和其他单位联络员的账号（含接口令牌）写在 {}", list.display()));
    say("  按 Ctrl-C 结束。");
}
