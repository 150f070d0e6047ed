//! A SLURM partition of an offering (spec 13.1).

use mercat_app::entity::offering_partition::Model;
use serde::Serialize;
use utoipa::ToSchema;

use super::text::Hex;

/// A SLURM partition.
#[derive(Serialize, ToSchema)]
pub(crate) struct NestedPartition<'a> {
    #[schema(value_type = String, format = Uuid)]
    uuid: Hex,
    /// The partition's name in SLURM.
    #[schema(max_length = 255)]
    partition_name: &'a str,
    /// How tasks are bound to CPUs, SLURM's `cpu_bind`.
    cpu_bind: Option<i64>,
    /// CPUs that come with each GPU.
    def_cpu_per_gpu: Option<i64>,
    /// Most CPUs of one node.
    max_cpus_per_node: Option<i64>,
    /// Most CPUs of one socket.
    max_cpus_per_socket: Option<i64>,
    /// Memory that comes with each CPU, MB.
    def_mem_per_cpu: Option<i64>,
    /// Memory that comes with each GPU, MB.
    def_mem_per_gpu: Option<i64>,
    /// Memory that comes with each node, MB.
    def_mem_per_node: Option<i64>,
    /// Most memory for each CPU, MB.
    max_mem_per_cpu: Option<i64>,
    /// Most memory for each node, MB.
    max_mem_per_node: Option<i64>,
    /// Minutes that a job gets unless it asks.
    default_time: Option<i64>,
    /// Most minutes of one job.
    max_time: Option<i64>,
    /// Seconds that a job has left when it is displaced.
    grace_time: Option<i64>,
    /// Most nodes of one job.
    max_nodes: Option<i64>,
    /// Fewest nodes of one job.
    min_nodes: Option<i64>,
    /// Whether jobs get whole topology blocks.
    exclusive_topo: bool,
    /// Whether nodes serve one user at a time.
    exclusive_user: bool,
    /// Rank among partitions.
    priority_tier: Option<i64>,
    /// The quality of service of its jobs.
    #[schema(max_length = 255)]
    qos: &'a str,
    /// Whether jobs need a reservation.
    req_resv: bool,
}

impl<'a> From<&'a Model> for NestedPartition<'a> {
    fn from(row: &'a Model) -> Self {
        Self {
            uuid: Hex(row.id),
            partition_name: &row.partition_name,
            cpu_bind: row.cpu_bind,
            def_cpu_per_gpu: row.def_cpu_per_gpu,
            max_cpus_per_node: row.max_cpus_per_node,
            max_cpus_per_socket: row.max_cpus_per_socket,
            def_mem_per_cpu: row.def_mem_per_cpu,
            def_mem_per_gpu: row.def_mem_per_gpu,
            def_mem_per_node: row.def_mem_per_node,
            max_mem_per_cpu: row.max_mem_per_cpu,
            max_mem_per_node: row.max_mem_per_node,
            default_time: row.default_time,
            max_time: row.max_time,
            grace_time: row.grace_time,
            max_nodes: row.max_nodes,
            min_nodes: row.min_nodes,
            exclusive_topo: row.exclusive_topo,
            exclusive_user: row.exclusive_user,
            priority_tier: row.priority_tier,
            qos: &row.qos,
            req_resv: row.req_resv,
        }
    }
}
