//! A SLURM partition.

use mercat_domain::id::OfferingId;
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel, serde::Serialize, serde::Deserialize)]
#[sea_orm(table_name = "offering_partitions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub offering_id: OfferingId,
    pub partition_name: String,
    pub cpu_bind: Option<i64>,
    pub def_cpu_per_gpu: Option<i64>,
    pub max_cpus_per_node: Option<i64>,
    pub max_cpus_per_socket: Option<i64>,
    pub def_mem_per_cpu: Option<i64>,
    pub def_mem_per_gpu: Option<i64>,
    pub def_mem_per_node: Option<i64>,
    pub max_mem_per_cpu: Option<i64>,
    pub max_mem_per_node: Option<i64>,
    pub default_time: Option<i64>,
    pub max_time: Option<i64>,
    pub grace_time: Option<i64>,
    pub max_nodes: Option<i64>,
    pub min_nodes: Option<i64>,
    pub priority_tier: Option<i64>,
    pub exclusive_topo: bool,
    pub exclusive_user: bool,
    pub req_resv: bool,
    pub qos: String,
}

super::plain_entity!();
super::keyed_entity!();
