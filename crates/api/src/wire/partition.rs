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
    /// Name of the SLURM partition
    #[schema(max_length = 255)]
    partition_name: &'a str,
    /// Default task binding policy (SLURM `cpu_bind`)
    cpu_bind: Option<i64>,
    /// Default CPUs allocated per GPU
    def_cpu_per_gpu: Option<i64>,
    /// Maximum allocated CPUs per node
    max_cpus_per_node: Option<i64>,
    /// Maximum allocated CPUs per socket
    max_cpus_per_socket: Option<i64>,
    /// Default memory per CPU in MB
    def_mem_per_cpu: Option<i64>,
    /// Default memory per GPU in MB
    def_mem_per_gpu: Option<i64>,
    /// Default memory per node in MB
    def_mem_per_node: Option<i64>,
    /// Maximum memory per CPU in MB
    max_mem_per_cpu: Option<i64>,
    /// Maximum memory per node in MB
    max_mem_per_node: Option<i64>,
    /// Default time limit in minutes
    default_time: Option<i64>,
    /// Maximum time limit in minutes
    max_time: Option<i64>,
    /// Preemption grace time in seconds
    grace_time: Option<i64>,
    /// Maximum nodes per job
    max_nodes: Option<i64>,
    /// Minimum nodes per job
    min_nodes: Option<i64>,
    /// Exclusive topology access required
    exclusive_topo: bool,
    /// Exclusive user access required
    exclusive_user: bool,
    /// Priority tier for scheduling and preemption
    priority_tier: Option<i64>,
    /// Quality of Service (QOS) name
    #[schema(max_length = 255)]
    qos: &'a str,
    /// Require reservation for job allocation
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
