//! Letters as files.

use std::fs;

use mercat_mail::{Mailer, Template, Transport};
use tempfile::tempdir;

use crate::samples::{FROM, mail, order};

#[tokio::test]
async fn a_repetition_overwrites() {
    let root = tempdir().unwrap();
    let folder = root.path().join("new/mail");
    let mailer = Mailer::new(FROM, Transport::Folder(folder.clone())).unwrap();
    mailer.check().await.unwrap();
    mailer.send(mail(order(Template::ReminderOfPendingOrder))).await.unwrap();
    mailer.send(mail(order(Template::MarketplaceResourceUpdateSucceeded))).await.unwrap();

    let names: Vec<_> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names, ["01935b7e-order-12.eml"]);
    let letter = fs::read_to_string(folder.join("01935b7e-order-12.eml")).unwrap();
    assert!(letter.contains("Subject: Changed: vm-1 (order alpha-12)\r\n"), "{letter}");
}

#[tokio::test]
async fn a_folder_that_is_none_is_transient() {
    let root = tempdir().unwrap();
    let file = root.path().join("file");
    fs::write(&file, "").unwrap();
    let mailer = Mailer::new(FROM, Transport::Folder(file)).unwrap();
    assert!(!mailer.check().await.unwrap_err().is_permanent());
    assert!(!mailer.send(mail(order(Template::ReminderOfPendingOrder))).await.unwrap_err().is_permanent());
}
