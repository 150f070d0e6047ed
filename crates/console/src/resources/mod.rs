//! What was ordered and is there: as consumers and as providers see it.

mod act;
mod change;
mod list;
mod show;

use mercat_app::{
    collection::Collection,
    entity::resource,
    orders::ResourceSide,
    resources::{ProviderResources, ResourceView, Resources},
};

pub(crate) use act::act;
pub(crate) use list::List;
pub(crate) use show::show;

/// From whose side resources are looked at, known by the path.
pub(crate) trait Side: Collection<Entity = resource::Entity, View = ResourceView> {
    /// The same for changes.
    const SIDE: ResourceSide;
    /// Where the list is.
    const PLACE: &'static str;
    const TITLE: &'static str;
    /// What stands where there are none.
    const NONE: &'static str;
    /// Pages of the same kind.
    const TABS: &'static [(&'static str, &'static str)];
}

impl Side for Resources {
    const SIDE: ResourceSide = ResourceSide::Consumer;
    const PLACE: &'static str = "/resources/";
    const TITLE: &'static str = "Resources";
    const NONE: &'static str = "Resources come here when you or your projects order something in the catalogue.";
    const TABS: &'static [(&'static str, &'static str)] = &[];
}

impl Side for ProviderResources {
    const SIDE: ResourceSide = ResourceSide::Provider;
    const PLACE: &'static str = "/provider/resources/";
    const TITLE: &'static str = "Provided resources";
    const NONE: &'static str = "Resources come here when somebody orders what your organisation offers.";
    const TABS: &'static [(&'static str, &'static str)] = crate::provider::TABS;
}
