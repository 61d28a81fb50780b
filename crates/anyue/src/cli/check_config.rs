//! `anyue check-config`: what is wrong with the settings, and what is worth attention before going live.

use super::{Common, Outcome, say};
use crate::config::Config;

pub(super) fn run(common: &Common) -> Outcome {
    let config = common.settings()?;
    config.data.database_url().map_err(|error| format!("data.database: {error}"))?;
    check(&config)?;
    let remarks = remarks(&config);
    for remark in &remarks {
        say(format!("attention: {remark}"));
    }
    say(if remarks.is_empty() { "the settings are in order" } else { "the settings can be used" });
    Ok(())
}

fn check(config: &Config) -> Outcome {
    if !["folder", "s3"].contains(&config.storage.kind.as_str()) {
        return Err(format!("storage.kind is {:?}; it can be \"folder\" or \"s3\"", config.storage.kind));
    }
    if config.storage.kind == "s3" && (config.storage.bucket.is_empty() || config.storage.endpoint.is_empty()) {
        return Err("storage.kind is \"s3\": storage.endpoint and storage.bucket are needed".to_owned());
    }
    if !["text", "json"].contains(&config.log.format.as_str()) {
        return Err(format!("log.format is {:?}; it can be \"text\" or \"json\"", config.log.format));
    }
    let url = url::Url::parse(&config.server.public_url).map_err(|error| format!("server.public_url: {error}"))?;
    if !matches!(url.scheme(), "http" | "https") || config.server.public_url.ends_with('/') {
        return Err("server.public_url must begin with http:// or https:// and have no slash at the end".to_owned());
    }
    let level = config.site.sponsor_level.as_str();
    if !["", "township", "county", "city", "province"].contains(&level) {
        return Err(format!("site.sponsor_level is {level:?}; it can be township, county, city or province"));
    }
    Ok(())
}

/// Remarks that do not stop the program (lessons G1; 国办函〔2026〕12号 art. 2).
pub(super) fn remarks(config: &Config) -> Vec<String> {
    let mut remarks = Vec::new();
    if config.site.sponsor_unit.is_empty() {
        remarks.push("site.sponsor_unit is empty: name the body that runs this installation (主办单位)".to_owned());
    }
    match config.site.sponsor_level.as_str() {
        "" => remarks.push("site.sponsor_level is empty: say at which level the sponsor stands".to_owned()),
        "township" => remarks.push(
            "the sponsor stands below county level; under 国办函〔2026〕12号 bodies below the county do not as a rule \
             develop such services themselves: agree on a county (旗县) sponsor before going live"
                .to_owned(),
        ),
        _ => {}
    }
    if config.site.filing_no.is_empty() {
        remarks.push(
            "site.filing_no is empty: ask the provincial cyberspace office whether a filing is due (备案号)".to_owned(),
        );
    }
    let public = url::Url::parse(&config.server.public_url).ok();
    let local = public
        .as_ref()
        .and_then(url::Url::host_str)
        .is_some_and(|host| host == "localhost" || host.starts_with("127."));
    if local {
        remarks.push(
            "server.public_url points to this computer: links and QR codes will not work on other devices".to_owned(),
        );
    } else if !config.server.secure() {
        remarks.push("server.public_url is not https: passwords would cross the network readable".to_owned());
    }
    remarks
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(text: &str) -> Config {
        toml::from_str(text).unwrap()
    }

    #[test]
    fn a_township_as_sponsor_and_a_missing_filing_number_are_pointed_out() {
        let remarks = remarks(&config("[site]\nsponsor_unit = \"某镇\"\nsponsor_level = \"township\""));
        assert!(remarks.iter().any(|remark| remark.contains("below county level")));
        assert!(remarks.iter().any(|remark| remark.contains("filing_no")));
    }

    #[test]
    fn a_county_sponsor_behind_https_is_in_order() {
        let config = config(
            "[site]\nsponsor_unit = \"某旗\"\nsponsor_level = \"county\"\nfiling_no = \"1\"\n[server]\npublic_url = \"https://a.example\"",
        );
        check(&config).unwrap();
        assert!(remarks(&config).is_empty());
    }

    #[test]
    fn a_key_that_does_not_exist_is_refused() {
        let error = toml::from_str::<Config>("[site]\nsponsor = \"某旗\"").unwrap_err();
        assert!(error.to_string().contains("sponsor"));
    }
}
