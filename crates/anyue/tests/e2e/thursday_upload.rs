//! J3, the evidence: a video over a connection that breaks again and again arrives once and whole.

use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use super::browser::{Browser, Screen};
use super::site::Site;

/// A link between browser and program that breaks every connection after a while, and counts what goes up.
struct BadLink {
    port: u16,
    sent: Arc<AtomicU64>,
}

impl BadLink {
    fn to(site: &Site, lives: Duration) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let target = site.url.trim_start_matches("http://").to_owned();
        let sent = Arc::new(AtomicU64::new(0));
        let count = Arc::clone(&sent);
        std::thread::spawn(move || {
            for (number, browser) in listener.incoming().flatten().enumerate() {
                let (target, count) = (target.clone(), Arc::clone(&count));
                // No two connections live equally long, and every tenth is left alone.
                let lives =
                    if number % 10 == 9 { Duration::from_secs(60) } else { lives + lives * (number % 7) as u32 / 4 };
                std::thread::spawn(move || carry(&browser, &target, lives, &count));
            }
        });
        Self { port, sent }
    }
}

fn carry(browser: &TcpStream, target: &str, lives: Duration, count: &AtomicU64) {
    let Ok(program) = TcpStream::connect(target) else { return };
    let until = Instant::now() + lives;
    std::thread::scope(|scope| {
        scope.spawn(|| pump(browser, &program, until, Some(count)));
        scope.spawn(|| pump(&program, browser, until, None));
    });
}

/// Carries bytes at some 8 MB a second until the connection has lived long enough, then breaks it.
fn pump(mut from: &TcpStream, mut to: &TcpStream, until: Instant, count: Option<&AtomicU64>) {
    use std::io::{Read as _, Write as _};
    let _ = from.set_read_timeout(Some(Duration::from_millis(50)));
    let mut buffer = vec![0u8; 64 * 1024];
    while Instant::now() < until {
        match from.read(&mut buffer) {
            Ok(0) => break,
            Ok(length) => {
                if let Some(count) = count {
                    count.fetch_add(length as u64, Ordering::Relaxed);
                    std::thread::sleep(Duration::from_millis(8));
                }
                if to.write_all(&buffer[..length]).is_err() {
                    break;
                }
            }
            Err(error) if matches!(error.kind(), std::io::ErrorKind::WouldBlock | std::io::ErrorKind::TimedOut) => {}
            Err(_) => break,
        }
    }
    let _ = from.shutdown(std::net::Shutdown::Both);
    let _ = to.shutdown(std::net::Shutdown::Both);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_video_of_90_mb_over_a_link_that_breaks_arrives_once_and_whole() {
    const SIZE: u64 = 90 * 1024 * 1024;
    let site = Site::start();
    let link = BadLink::to(&site, Duration::from_millis(1_500));
    let browser = Browser::open(Screen::Phone).await;
    let liaison = site.account("liaison");
    // Signing in and opening the page happen over the good link: the cookie is the same for both ports.
    browser.sign_in(&site, liaison).await;
    browser.press("去填报").await;
    browser.find("#fill").await;
    let form = browser.address().await;
    let bad = form.replace(&site.url, &format!("http://127.0.0.1:{}", link.port));
    let until = Instant::now() + Duration::from_secs(20);
    loop {
        browser.go(&bad).await;
        if browser.run("return !!(window.tus && document.querySelector('[data-uploads]'))").await == true {
            break;
        }
        assert!(Instant::now() < until, "the page does not come over the bad link");
    }
    let before = link.sent.load(Ordering::Relaxed);

    let folder = tempfile::tempdir().expect("a folder");
    let video = folder.path().join("现场 “宣讲” 视频.mp4");
    let head = b"\0\0\0\x18ftypmp42";
    let body: Vec<u8> = head
        .iter()
        .copied()
        .chain((0..).map(|n: u64| (n.wrapping_mul(2_654_435_761) >> 24) as u8))
        .take(SIZE as usize)
        .collect();
    std::fs::write(&video, body).expect("a file");
    browser.choose_file("files", &video).await;
    browser.expect("已传").await;
    browser.picture("upload").await;
    let until = Instant::now() + Duration::from_secs(240);
    let kept = "return [...document.querySelectorAll('[data-files] li')].map(li => li.innerText).join()";
    while !browser.run(kept).await.as_str().unwrap_or_default().contains("90.0 MB") {
        assert!(Instant::now() < until, "it does not arrive:\n{}", browser.text().await);
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    assert_eq!(browser.count("[data-files] li").await, 1, "once");
    let sent = link.sent.load(Ordering::Relaxed) - before;
    assert!(sent < SIZE + SIZE / 20, "{sent} bytes were sent for {SIZE}");
}
