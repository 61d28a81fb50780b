//! Pictures in the text.

use imagesize::ImageType;

use super::{
    WriteError,
    geometry::emu,
    model::Picture,
    xml::{Attribute, Xml},
};

const A: &str = "http://schemas.openxmlformats.org/drawingml/2006/main";
const PIC: &str = "http://schemas.openxmlformats.org/drawingml/2006/picture";

/// A picture with its place in the package and on the page.
pub(super) struct Placed {
    /// Counted from 1 through the document.
    pub(super) number: usize,
    width: i64,
    height: i64,
    description: String,
}

/// What is at the end of its name, if it is a picture we can put into a document.
pub(super) fn extension(bytes: &[u8]) -> Option<&'static str> {
    match imagesize::image_type(bytes).ok()? {
        ImageType::Jpeg => Some("jpeg"),
        ImageType::Png => Some("png"),
        _ => None,
    }
}

impl Placed {
    /// As wide as asked, but no wider or higher than these millimetres.
    pub(super) fn new(picture: &Picture, number: usize, room: (f64, f64)) -> Result<Self, WriteError> {
        let size = extension(&picture.bytes).and_then(|_| imagesize::blob_size(&picture.bytes).ok());
        let size = size.filter(|size| size.width > 0 && size.height > 0).ok_or(WriteError::Picture(number))?;
        let ratio = size.height as f64 / size.width as f64;
        let asked = if picture.width.is_finite() && picture.width > 0.0 { picture.width } else { room.0 };
        let width = asked.min(room.0).min(room.1 / ratio);
        Ok(Self {
            number,
            width: emu(width).max(1),
            height: emu(width * ratio).max(1),
            description: super::normalise::clean(&picture.description),
        })
    }

    pub(super) fn relationship(number: usize) -> String {
        format!("rIdPicture{number}")
    }

    pub(super) fn write(&self, xml: &mut Xml) {
        let extent: [Attribute<'_>; 2] = [("cx", &self.width), ("cy", &self.height)];
        let name = format!("图片 {}", self.number);
        let named: [Attribute<'_>; 3] = [("id", &self.number), ("name", &name), ("descr", &self.description)];
        let far: [Attribute<'_>; 4] = [("distT", &0), ("distB", &0), ("distL", &0), ("distR", &0)];
        xml.element("w:drawing", &[], |xml| {
            xml.element("wp:inline", &far, |xml| {
                xml.empty("wp:extent", &extent);
                xml.empty("wp:docPr", &named);
                xml.element("a:graphic", &[("xmlns:a", &A)], |xml| {
                    xml.element("a:graphicData", &[("uri", &PIC)], |xml| {
                        xml.element("pic:pic", &[("xmlns:pic", &PIC)], |xml| {
                            xml.element("pic:nvPicPr", &[], |xml| {
                                xml.empty("pic:cNvPr", &named);
                                xml.empty("pic:cNvPicPr", &[]);
                            });
                            xml.element("pic:blipFill", &[], |xml| {
                                xml.empty("a:blip", &[("r:embed", &Self::relationship(self.number))]);
                                xml.element("a:stretch", &[], |xml| xml.empty("a:fillRect", &[]));
                            });
                            xml.element("pic:spPr", &[], |xml| {
                                xml.element("a:xfrm", &[], |xml| {
                                    xml.empty("a:off", &[("x", &0), ("y", &0)]);
                                    xml.empty("a:ext", &extent);
                                });
                                xml.element("a:prstGeom", &[("prst", &"rect")], |xml| xml.empty("a:avLst", &[]));
                            });
                        });
                    });
                });
            });
        });
    }
}
