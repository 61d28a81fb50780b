//! A link between browser and program that can be cut and mended.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU64, Ordering};
use std::time::Duration;

use super::site::Site;

/// What becomes of the bytes.
const WHOLE: u8 = 0;
const CUT: u8 = 1;
const SILENT: u8 = 2;

/// A link between browser and program that can be cut. The browser believes that it is connected, as phones do.
pub struct Link {
    /// Where the browser finds the program.
    pub url: String,
    state: Arc<AtomicU8>,
    sent: Arc<AtomicU64>,
}

impl Link {
    /// A link as fast as the machine.
    pub fn to(site: &Site) -> Self {
        Self::with_rest(site, Duration::ZERO)
    }

    /// A link on which so long a rest follows every 64 KB that go up.
    pub fn with_rest(site: &Site, rest: Duration) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let url = format!("http://127.0.0.1:{}", listener.local_addr().expect("an address").port());
        let target = site.url.trim_start_matches("http://").to_owned();
        let state = Arc::new(AtomicU8::new(WHOLE));
        let sent = Arc::new(AtomicU64::new(0));
        let (now, count) = (Arc::clone(&state), Arc::clone(&sent));
        std::thread::spawn(move || {
            for browser in listener.incoming().flatten() {
                if now.load(Ordering::SeqCst) == CUT {
                    continue;
                }
                let Ok(program) = TcpStream::connect(&target) else { continue };
                let (now, count) = (Arc::clone(&now), Arc::clone(&count));
                std::thread::spawn(move || {
                    // Both ends are closed when neither direction goes on: what was under way is lost.
                    let over = AtomicBool::new(false);
                    std::thread::scope(|scope| {
                        scope.spawn(|| carry(&browser, &program, (&now, &over), Some(&count), rest));
                        scope.spawn(|| carry(&program, &browser, (&now, &over), None, Duration::ZERO));
                    });
                });
            }
        });
        Self { url, state, sent }
    }

    /// Breaks every connection and lets none through.
    pub fn cut(&self) {
        self.state.store(CUT, Ordering::SeqCst);
    }

    /// Takes no byte any more, and tells nobody that the connection is dead.
    pub fn silence(&self) {
        self.state.store(SILENT, Ordering::SeqCst);
    }

    /// Lets connections through again; those that were silent are gone.
    pub fn mend(&self) {
        self.state.store(WHOLE, Ordering::SeqCst);
    }

    /// How many bytes have gone up.
    pub fn sent(&self) -> u64 {
        self.sent.load(Ordering::SeqCst)
    }
}

/// Carries bytes until one of the ends closes, or the link is cut. A connection that was silent stays so.
fn carry(
    mut from: &TcpStream,
    mut to: &TcpStream,
    (now, over): (&AtomicU8, &AtomicBool),
    count: Option<&AtomicU64>,
    rest: Duration,
) {
    let mut buffer = vec![0; 64 * 1024];
    let mut is_silent = false;
    let _ = from.set_read_timeout(Some(Duration::from_millis(20)));
    while !over.load(Ordering::SeqCst) && now.load(Ordering::SeqCst) != CUT {
        is_silent |= now.load(Ordering::SeqCst) == SILENT;
        if is_silent {
            std::thread::sleep(Duration::from_millis(20));
            continue;
        }
        let length = match from.read(&mut buffer) {
            Ok(0) => break,
            Ok(length) => length,
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => continue,
            Err(_) => break,
        };
        // What comes after the cut goes nowhere, also when it was waited for before.
        if now.load(Ordering::SeqCst) == CUT || to.write_all(&buffer[..length]).is_err() {
            break;
        }
        if let Some(count) = count {
            count.fetch_add(length as u64, Ordering::SeqCst);
        }
        std::thread::sleep(rest * u32::try_from(length / 1024).unwrap_or_default() / 64);
    }
    over.store(true, Ordering::SeqCst);
}
