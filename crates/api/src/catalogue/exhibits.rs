//! `/api/marketplace-screenshots/` and `/api/marketplace-offering-files/`.

use mercat_app::{
    catalogue::{Exhibit, OfferingFiles, Screenshots},
    entity::{offering_file, offering_screenshot},
    list::{Filter, Key},
};

use crate::{
    link::{OFFERINGS, Place},
    rest::{
        By, Exposed, Kind, Model, Op, Out, Param, SortKey, answered, changes, creates, deletes, field, param, reads,
        url,
    },
};

const SCREENSHOTS: Place = &["marketplace-screenshots", "*"];
const FILES: Place = &["marketplace-offering-files", "*"];

static SCREENSHOT: Model = Model {
    name: "Screenshot",
    fields: &[
        answered("url", Kind::Uri),
        answered("uuid", Kind::Uuid).stored("id"),
        field("name", Kind::Text(150)).required(),
        field("description", Kind::Text(2000)),
        field("image", Kind::File),
        answered("thumbnail", Kind::File).nullable(),
        field("offering", Kind::Link(OFFERINGS)).stored("offering_id").required(),
        answered("offering_uuid", Kind::Uuid).stored("offering_id"),
        answered("offering_name", Kind::Text(0)),
        answered("customer_uuid", Kind::Uuid),
        answered("created", Kind::Time),
    ],
};

static OFFERING_FILE: Model = Model {
    name: "OfferingFile",
    fields: &[
        answered("url", Kind::Uri),
        answered("uuid", Kind::Uuid).stored("id"),
        field("name", Kind::Text(150)).required(),
        field("offering", Kind::Link(OFFERINGS)).stored("offering_id").required(),
        answered("offering_uuid", Kind::Uuid).stored("offering_id"),
        field("file", Kind::File),
        answered("created", Kind::Time),
    ],
};

struct ShownScreenshots;

impl Exposed for ShownScreenshots {
    type Data = Screenshots;
    const NAME: &'static str = "marketplace-screenshots";
    const KIND: &'static str = "Screenshot";
    const MODEL: &'static Model = &SCREENSHOT;
    const PARAMS: &'static [Param<offering_screenshot::Entity>] = &[
        param("offering", By::Link(OFFERINGS, |id| Filter::equals(offering_screenshot::Column::OfferingId, id))),
        param("offering_uuid", By::Id(offering_screenshot::Column::OfferingId)),
    ];
    const SORTS: &'static [SortKey] = &[
        SortKey { name: "name", key: |down| Key::column(offering_screenshot::Column::Name, down) },
        SortKey { name: "created", key: |down| Key::column(offering_screenshot::Column::Created, down) },
    ];
    const USUALLY: &'static str = "name";

    fn write(view: &Exhibit<offering_screenshot::Model>, out: &mut Out<'_>) {
        let origin = out.origin();
        out.row(&view.row);
        out.with("url", || url(origin, SCREENSHOTS, view.row.id));
        out.put("offering_name", &view.offering.name).put("customer_uuid", view.offering.customer_id);
    }
}

struct ShownFiles;

impl Exposed for ShownFiles {
    type Data = OfferingFiles;
    const NAME: &'static str = "marketplace-offering-files";
    const KIND: &'static str = "OfferingFile";
    const MODEL: &'static Model = &OFFERING_FILE;
    const PARAMS: &'static [Param<offering_file::Entity>] = &[
        param("name", By::Contains(offering_file::Column::Name)),
        param("offering", By::Link(OFFERINGS, |id| Filter::equals(offering_file::Column::OfferingId, id))),
        param("offering_uuid", By::Id(offering_file::Column::OfferingId)),
    ];
    const SORTS: &'static [SortKey] = &[
        SortKey { name: "name", key: |down| Key::column(offering_file::Column::Name, down) },
        SortKey { name: "created", key: |down| Key::column(offering_file::Column::Created, down) },
    ];
    const USUALLY: &'static str = "name";

    fn write(view: &Exhibit<offering_file::Model>, out: &mut Out<'_>) {
        let origin = out.origin();
        out.row(&view.row);
        out.with("url", || url(origin, FILES, view.row.id));
    }
}

pub(super) fn operations() -> Vec<Op> {
    let mut ops = reads::<ShownScreenshots>();
    ops.push(creates::<ShownScreenshots>());
    ops.extend(changes::<ShownScreenshots>());
    ops.push(deletes::<ShownScreenshots>());
    ops.extend(reads::<ShownFiles>());
    ops.push(creates::<ShownFiles>());
    ops.push(deletes::<ShownFiles>());
    ops
}
