//! Table of contents of the classes of data, and of what is kept for ever.

use crate::features::{accounts, archive, duties, evidence, notifications, uploads};
use crate::platform::error::{Error, Result};
use crate::platform::retention::Class;
use crate::platform::{drafts, jobs};

/// All classes that can go, in the order in which they do: what others point to comes last.
pub const ALL: &[&Class] = &[
    &uploads::api::KEPT_UNFINISHED,
    &drafts::KEPT,
    &evidence::api::KEPT_FORMS,
    &duties::api::KEPT,
    &archive::api::KEPT,
    &notifications::api::KEPT,
    &accounts::api::KEPT_SESSIONS,
    &accounts::api::KEPT_LINKS,
    &uploads::api::KEPT_OVER,
    &jobs::KEPT_DONE,
    &jobs::KEPT_FAILED,
    &evidence::api::KEPT_LOOSE,
];

/// What is kept for ever: name, and why.
pub const FOR_EVER: &[(&str, &str)] = &[
    (
        "操作记录",
        "每条记录都带前一条的校验值，删掉任何一条，后面的就无法证明没有改动，所以永不清理。\
         《中华人民共和国网络安全法》（2016年公布）第二十一条要求相关网络日志留存不少于六个月。",
    ),
    ("已报送的材料、活动记录和回执", "回执的签名对着报送时的内容，清理以后就无法核对；照片和附件是这些材料的一部分。"),
    ("活动、通知、签收和更正", "是各单位任务的依据。"),
    ("冻结的统计表和更正记录", "数字上报以后要能说明来源。"),
    ("公文和发文字号", "字号不能有缺号和重号。"),
    ("账号、角色和联络员的任期", "过去的签收、报送要能说明经办人。停用的账号不能登录。"),
    ("清理记录", "只有数量、时间和校验值，没有个人信息。"),
];

/// The class with this code.
///
/// # Errors
/// [`Error::NotFound`]
pub fn find(code: &str) -> Result<&'static Class> {
    ALL.iter().find(|class| class.code == code).copied().ok_or(Error::NotFound)
}
