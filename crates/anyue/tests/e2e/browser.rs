//! Chromium over WebDriver: a few verbs in which the journeys are told.

use std::io::{Read as _, Write as _};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use fantoccini::elements::Element;
use fantoccini::{Client, ClientBuilder, Locator};
use serde_json::{Value, json};

use super::site::{Account, Site, free_port};

/// The size of the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Screen {
    /// 390 × 844
    Phone,
    /// 1440 × 900
    Desktop,
}

impl Screen {
    /// For the names of pictures.
    pub fn name(self) -> &'static str {
        match self {
            Self::Phone => "phone",
            Self::Desktop => "desktop",
        }
    }
}

/// A browser with one window.
pub struct Browser {
    client: Client,
    /// Size of its screen.
    pub screen: Screen,
    driver: Child,
    port: u16,
}

impl Drop for Browser {
    fn drop(&mut self) {
        // Asked to end, the driver closes its browsers first; killed, it would leave them behind.
        if let Ok(mut socket) = std::net::TcpStream::connect(("127.0.0.1", self.port)) {
            let _ = socket.set_read_timeout(Some(Duration::from_secs(10)));
            let _ = write!(socket, "GET /shutdown HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n");
            let _ = socket.read_to_end(&mut Vec::new());
        }
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}

impl Browser {
    /// Opens a browser.
    pub async fn open(screen: Screen) -> Self {
        Self::open_with(screen, None).await
    }

    /// Opens a browser that keeps cookies, storage and workers in this folder, or finds them there.
    pub async fn open_with(screen: Screen, profile: Option<&std::path::Path>) -> Self {
        let port = free_port();
        let driver = Command::new("chromedriver")
            .arg(format!("--port={port}"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("chromedriver is installed");
        let mut options = json!({
            "args": [
                "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--hide-scrollbars",
                "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
                "--lang=zh-CN", "--window-size=1440,900"
            ]
        });
        if let (Some(profile), Some(args)) = (profile, options["args"].as_array_mut()) {
            args.push(json!(format!("--user-data-dir={}", profile.display())));
        }
        if screen == Screen::Phone {
            options["mobileEmulation"] = json!({ "deviceMetrics": { "width": 390, "height": 844, "pixelRatio": 2.0, "touch": true, "mobile": true } });
        }
        let capabilities = json!({ "goog:chromeOptions": options }).as_object().expect("an object").clone();
        let until = Instant::now() + Duration::from_secs(30);
        let client = loop {
            let mut builder = ClientBuilder::new(hyper_util::client::legacy::connect::HttpConnector::new());
            match builder.capabilities(capabilities.clone()).connect(&format!("http://127.0.0.1:{port}")).await {
                Ok(client) => break client,
                Err(error) => assert!(Instant::now() < until, "no browser: {error}"),
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        };
        if screen == Screen::Desktop {
            client.set_window_size(1440, 900).await.expect("a window");
        }
        Self { client, screen, driver, port }
    }

    /// Closes the browser as a person does: what it keeps is written to its folder.
    pub async fn close(self) {
        self.client.clone().close().await.expect("the browser closes");
        tokio::time::sleep(Duration::from_millis(300)).await;
    }

    /// Goes to an address.
    pub async fn go(&self, url: &str) {
        self.client.goto(url).await.expect("the page opens");
    }

    /// Signs in.
    pub async fn sign_in(&self, site: &Site, account: &Account) {
        self.sign_in_at(&site.url, account).await;
    }

    /// Signs in at this address of the site.
    pub async fn sign_in_at(&self, url: &str, account: &Account) {
        self.go(&format!("{url}/signin")).await;
        self.fill("login", &account.login).await;
        self.fill("password", account.password.as_deref().expect("a password")).await;
        self.press("登录").await;
        let until = Instant::now() + Duration::from_secs(15);
        while self.address().await.contains("/signin") {
            assert!(Instant::now() < until, "signing in as {} fails:\n{}", account.login, self.text().await);
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// The element, waited for.
    pub async fn find(&self, css: &str) -> Element {
        self.client
            .wait()
            .at_most(Duration::from_secs(15))
            .for_element(Locator::Css(css))
            .await
            .unwrap_or_else(|error| panic!("{css}: {error}"))
    }

    /// How many elements there are.
    pub async fn count(&self, css: &str) -> usize {
        self.client.find_all(Locator::Css(css)).await.expect("a page").len()
    }

    /// Types into the field with this name, in place of what stood there.
    pub async fn fill(&self, name: &str, text: &str) {
        let field = self.find(&format!("[name='{name}']:not([type='hidden']):not([hidden])")).await;
        self.show(&field).await.expect("scrolling");
        field.clear().await.expect("an empty field");
        field.send_keys(text).await.expect("typing");
    }

    /// Puts a long text into the field with this name, as pasting does.
    pub async fn paste(&self, name: &str, text: &str) {
        let field = serde_json::to_value(self.find(&format!("textarea[name='{name}']")).await).expect("an element");
        let script =
            "arguments[0].value = arguments[1]; arguments[0].dispatchEvent(new Event('input', { bubbles: true }))";
        self.client.execute(script, vec![field, json!(text)]).await.expect("pasting");
    }

    /// Chooses a file.
    pub async fn choose_file(&self, name: &str, path: &std::path::Path) {
        self.choose_file_at(&format!("input[type='file'][name='{name}']"), path).await;
    }

    /// Chooses a file in the field that this selector finds.
    pub async fn choose_file_at(&self, css: &str, path: &std::path::Path) {
        let field = self.find(css).await;
        field.send_keys(path.to_str().expect("a path")).await.expect("a file");
    }

    async fn show(&self, element: &Element) -> Result<(), fantoccini::error::CmdError> {
        let argument = serde_json::to_value(element).expect("an element");
        let script = "arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})";
        self.client.execute(script, vec![argument]).await.map(drop)
    }

    /// Presses the visible button or link whose words are exactly these.
    pub async fn press(&self, words: &str) {
        let path = format!(
            "//button[normalize-space(.)='{words}'] | //a[normalize-space(.)='{words}'] | //summary[normalize-space(.)='{words}']"
        );
        self.press_path(&path).await;
    }

    /// Presses the first visible element of this XPath.
    pub async fn press_path(&self, path: &str) {
        let until = Instant::now() + Duration::from_secs(15);
        loop {
            for element in self.client.find_all(Locator::XPath(path)).await.expect("a page") {
                if element.is_displayed().await.unwrap_or(false) {
                    // A page that is just being replaced takes its elements along.
                    let pressed = match self.show(&element).await {
                        Ok(()) => element.click().await,
                        Err(error) => Err(error),
                    };
                    match pressed {
                        Ok(()) => return,
                        Err(error) => assert!(Instant::now() < until, "{path}: {error}"),
                    }
                }
            }
            if Instant::now() > until {
                panic!("nothing to press: {path}\n{}", self.text().await);
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// The words on the page.
    pub async fn text(&self) -> String {
        let text = self.client.execute("return document.body.innerText", Vec::new()).await.expect("a page");
        text.as_str().unwrap_or_default().to_owned()
    }

    /// Waits until the page says these words.
    pub async fn expect(&self, words: &str) {
        let until = Instant::now() + Duration::from_secs(15);
        while !self.text().await.contains(words) {
            if Instant::now() > until {
                panic!("“{words}” does not appear at {}:\n{}", self.address().await, self.text().await);
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// Waits until the page no longer says these words.
    pub async fn expect_gone(&self, words: &str) {
        let until = Instant::now() + Duration::from_secs(15);
        while self.text().await.contains(words) {
            assert!(Instant::now() < until, "“{words}” stays at {}:\n{}", self.address().await, self.text().await);
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// Waits until the field with this name holds this value.
    pub async fn expect_value(&self, name: &str, value: &str) {
        let script = format!("const field = document.querySelector(\"[name='{name}']\"); return field && field.value");
        let until = Instant::now() + Duration::from_secs(15);
        while self.run(&script).await != value {
            assert!(Instant::now() < until, "{name} holds {} and not {value}", self.run(&script).await);
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// The address of the page.
    pub async fn address(&self) -> String {
        self.client.current_url().await.expect("an address").to_string()
    }

    /// Takes a picture when `ANYUE_PICTURES` names a folder: `NAME-phone.png`, `NAME-desktop.png`.
    pub async fn picture(&self, name: &str) {
        let Ok(folder) = std::env::var("ANYUE_PICTURES") else { return };
        tokio::time::sleep(Duration::from_millis(300)).await;
        let png = self.client.screenshot().await.expect("a picture");
        let workspace = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
        let file = std::path::Path::new(workspace).join(folder).join(format!("{name}-{}.png", self.screen.name()));
        std::fs::write(file, png).expect("a picture");
    }

    /// Checks what every page must keep to: nothing asked of other origins, nothing wider than the screen, no
    /// message of a script or of the content security policy.
    pub async fn check_manners(&self, site: &Site) {
        self.check_manners_at(&site.url).await;
    }

    /// The same, where the site is found at another address.
    pub async fn check_manners_at(&self, url: &str) {
        let script = "return {
            foreign: performance.getEntriesByType('resource').map(e => e.name).filter(n => !n.startsWith(location.origin) && !n.startsWith('data:')),
            wide: document.documentElement.scrollWidth - document.documentElement.clientWidth
        }";
        let found = self.client.execute(script, Vec::new()).await.expect("a page");
        let address = self.address().await;
        assert!(address.starts_with(url), "the browser was led to {address}");
        assert_eq!(found["foreign"], json!([]), "{address} asks other origins");
        assert_eq!(found["wide"].as_i64().unwrap_or_default().max(0), 0, "{address} is wider than the screen");
    }

    /// Fetches a file of the site as the person who is signed in, without the browser: name and bytes as they come.
    pub async fn download(&self, url: &str) -> (String, Vec<u8>) {
        let cookies = self.client.get_all_cookies().await.expect("cookies");
        let cookies: Vec<String> = cookies.iter().map(|one| format!("{}={}", one.name(), one.value())).collect();
        let request = axum::http::Request::get(url).header("cookie", cookies.join("; "));
        let client = hyper_util::client::legacy::Client::builder(hyper_util::rt::TokioExecutor::new()).build_http();
        let answer =
            client.request(request.body(axum::body::Body::empty()).expect("a request")).await.expect("an answer");
        assert_eq!(answer.status(), 200, "{url}");
        let name = answer.headers().get("content-disposition").and_then(|name| name.to_str().ok()).unwrap_or_default();
        let name = name.to_owned();
        let bytes = axum::body::to_bytes(axum::body::Body::new(answer.into_body()), usize::MAX).await.expect("a file");
        (name, bytes.to_vec())
    }

    /// Waits until a script answers true.
    pub async fn until(&self, what: &str, script: &str) {
        let until = Instant::now() + Duration::from_secs(40);
        while self.client.execute(script, Vec::new()).await.map_or(Value::Null, |value| value) != true {
            assert!(Instant::now() < until, "{what}: not so at {}:\n{}", self.address().await, self.text().await);
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// Runs the body of an async function; its answer.
    pub async fn run_async(&self, body: &str) -> Value {
        let script = format!(
            "const done = arguments[arguments.length - 1]; (async () => {{ {body} }})().then(done, error => done('error: ' + error))"
        );
        self.client.execute_async(&script, Vec::new()).await.expect("a script")
    }

    /// Runs a script.
    pub async fn run(&self, script: &str) -> Value {
        self.client.execute(script, Vec::new()).await.expect("a script")
    }
}
