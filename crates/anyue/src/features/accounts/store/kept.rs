//! How long sessions and links are kept when they are over.

use crate::platform::retention::{Class, May, Source};

/// Sessions that are over.
pub const KEPT: Class = Class {
    code: "sessions",
    name: "结束的登录",
    holds: "退出、过期的登录：设备名称和起止时间。系统不另外保存登录次数，输错密码的次数只在内存里",
    area: "账号",
    counted_from: "登录结束或过期",
    days: Some(184),
    may: May::From(184),
    source: Source::Law(
        "《中华人民共和国网络安全法》（2016年公布）第二十一条：留存相关的网络日志不少于六个月。2025年修改后条款序号可能变动，请核对现行文本；登录登记是否属于网络日志，由主办单位判断，这里按属于计",
    ),
    find: "SELECT s.session_id AS id, COALESCE(s.ended_at, s.expires_at) AS at, CAST(0 AS BIGINT) AS bytes, '登录' AS about, '' AS campaign_id \
           FROM sessions s WHERE s.jurisdiction_id = $1 AND COALESCE(s.ended_at, s.expires_at) < $2",
    remove: &["DELETE FROM sessions WHERE jurisdiction_id = $1 AND session_id IN (...)"],
};

/// Links that were used, taken back or have run out.
pub const KEPT_LINKS: Class = Class {
    code: "links",
    name: "用过和过期的登录链接",
    holds: "邀请和重设密码的链接，只有校验值，不能再用",
    area: "账号",
    counted_from: "链接用过、收回或过期",
    days: Some(184),
    may: May::From(30),
    source: Source::Ours,
    find: "SELECT i.invitation_id AS id, COALESCE(i.used_at, i.revoked_at, i.expires_at) AS at, CAST(0 AS BIGINT) AS bytes, '登录链接' AS about, '' AS campaign_id \
           FROM invitations i WHERE i.jurisdiction_id = $1 AND COALESCE(i.used_at, i.revoked_at, i.expires_at) < $2",
    remove: &["DELETE FROM invitations WHERE jurisdiction_id = $1 AND invitation_id IN (...)"],
};
