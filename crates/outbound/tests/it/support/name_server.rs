//! A name server that lies as it is told.

use std::{
    collections::HashMap,
    net::{IpAddr, SocketAddr},
    sync::{Arc, Mutex},
};

use tokio::{net::UdpSocket, task::JoinHandle};

const A: u16 = 1;
const CNAME: u16 = 5;
const AAAA: u16 = 28;

/// One record of an answer.
#[derive(Debug, Clone)]
pub enum Data {
    Ip(IpAddr),
    Cname(&'static str),
}

/// For each name one list of records a round: the first question of a kind gets the first round, and so on.
type Zone = HashMap<String, Vec<Vec<Data>>>;

pub struct NameServer {
    address: SocketAddr,
    asked: Arc<Mutex<Vec<(String, u16)>>>,
    task: JoinHandle<()>,
}

impl NameServer {
    /// Serves these names; says of every other that it does not exist, and nothing at all about `silent.example`.
    pub async fn start(zone: impl IntoIterator<Item = (&str, Vec<Vec<Data>>)>) -> Self {
        let zone: Zone = zone.into_iter().map(|(name, rounds)| (name.to_owned(), rounds)).collect();
        let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
        let address = socket.local_addr().unwrap();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let task = tokio::spawn(serve(socket, zone, Arc::clone(&asked)));
        Self { address, asked, task }
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// How often this name was asked for, over both kinds of addresses.
    pub fn asked(&self, name: &str) -> usize {
        self.asked.lock().unwrap().iter().filter(|(asked, _)| asked == name).count()
    }

    pub fn asked_anything(&self) -> bool {
        !self.asked.lock().unwrap().is_empty()
    }
}

impl Drop for NameServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn serve(socket: UdpSocket, zone: Zone, asked: Arc<Mutex<Vec<(String, u16)>>>) {
    let mut packet = [0; 1500];
    while let Ok((length, from)) = socket.recv_from(&mut packet).await {
        let (name, kind, question) = read_question(&packet[..length]);
        let question_of_its_kind = (name.clone(), kind);
        let round = {
            let mut asked = asked.lock().unwrap();
            asked.push(question_of_its_kind.clone());
            asked.iter().filter(|other| **other == question_of_its_kind).count() - 1
        };
        if name != "silent.example" {
            let records = zone.get(&name).map(|rounds| rounds[round.min(rounds.len() - 1)].as_slice());
            socket.send_to(&answer(&packet[..2], &question, &name, kind, records), from).await.unwrap();
        }
    }
}

fn read_question(packet: &[u8]) -> (String, u16, Vec<u8>) {
    let mut labels = Vec::new();
    let mut at = 12;
    while packet[at] != 0 {
        let end = at + 1 + usize::from(packet[at]);
        labels.push(String::from_utf8_lossy(&packet[at + 1..end]).to_lowercase());
        at = end;
    }
    let kind = u16::from_be_bytes([packet[at + 1], packet[at + 2]]);
    (labels.join("."), kind, packet[12..at + 5].to_vec())
}

fn answer(id: &[u8], question: &[u8], name: &str, kind: u16, records: Option<&[Data]>) -> Vec<u8> {
    let mut owner = name;
    let mut body = Vec::new();
    let mut count: u16 = 0;
    for record in records.unwrap_or_default() {
        let (record_kind, data) = match record {
            Data::Ip(IpAddr::V4(v4)) => (A, v4.octets().to_vec()),
            Data::Ip(IpAddr::V6(v6)) => (AAAA, v6.octets().to_vec()),
            Data::Cname(target) => (CNAME, wire_name(target)),
        };
        if record_kind == CNAME || record_kind == kind {
            body.extend(wire_name(owner));
            body.extend(record_kind.to_be_bytes());
            // Class IN, and a life of no seconds: nobody may remember it.
            body.extend([0, 1, 0, 0, 0, 0]);
            body.extend(u16::try_from(data.len()).unwrap().to_be_bytes());
            body.extend(data);
            count += 1;
        }
        if let Data::Cname(target) = record {
            owner = target;
        }
    }
    let code = if records.is_some() { 0 } else { 3 };
    let mut packet = [id, &[0x85, 0x80 | code, 0, 1], &count.to_be_bytes(), &[0; 4], question].concat();
    packet.extend(body);
    packet
}

fn wire_name(name: &str) -> Vec<u8> {
    let mut wire = Vec::new();
    for label in name.split('.') {
        wire.push(u8::try_from(label.len()).unwrap());
        wire.extend(label.bytes());
    }
    wire.push(0);
    wire
}
