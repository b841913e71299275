//! `user` and `token`: accounts from the administrator's shell. They work while the server runs.

use std::io::{self, BufRead as _, IsTerminal as _};

use anyhow::{Context as _, Result, anyhow};
use quicksync_server::{
    Clock as _, TOKEN_PREFIX, check_name, check_password, hash_password, random_secret,
};
use quicksync_store::{
    AccountStore as _, CredentialKind, NewCredential, NewUser, SqliteStore, StoreError, UserRow,
};
use serde::Serialize;

use crate::cli::{PasswordArgs, TokenCommand, UserCommand};
use crate::config::{StoreConfig, StoreSettings, Surroundings};
use crate::failure::Refusal;
use crate::output::say;
use crate::rooms::open_store;
use crate::system::{SystemClock, SystemEntropy};

/// A user as `user list --json` prints them.
#[derive(Serialize)]
struct Listed {
    name: String,
    is_admin: bool,
    created_s: f64,
}

/// `quicksync user ...`.
pub(crate) async fn user(command: UserCommand) -> Result<()> {
    match command {
        UserCommand::Add { name, admin, password, store } => {
            check_name(&name).map_err(usage)?;
            let password_hash = new_password(password)?;
            let created_us = SystemClock.now().as_micros();
            let user = NewUser { name: name.clone(), password_hash, is_admin: admin, created_us };
            let made = open(store).await?.create_user(user).await;
            match made {
                Err(StoreError::Conflict(_)) => Err(anyhow!("there is a user {name:?} already")),
                other => other.map(drop).context("cannot make the user"),
            }?;
            say(&format!("made the user {name}"));
        }
        UserCommand::Passwd { name, password, store } => {
            let store = open(store).await?;
            let id = named(&store, &name).await?.id;
            let hash = new_password(password)?;
            store.set_password(id, &hash, None).await.context("cannot change the password")?;
            say(&format!("changed the password of {name} and ended their login sessions"));
        }
        UserCommand::List { json, store } => {
            let users = open(store).await?.users().await.context("cannot list the users")?;
            list(users, json)?;
        }
    }
    Ok(())
}

/// `quicksync token ...`.
pub(crate) async fn token(command: TokenCommand) -> Result<()> {
    let TokenCommand::Create { user, name, store } = command;
    let store = open(store).await?;
    let (token, secret_hash) = random_secret(TOKEN_PREFIX, &SystemEntropy);
    let credential = NewCredential {
        user_id: named(&store, &user).await?.id,
        kind: CredentialKind::Token,
        name,
        secret_hash,
        created_us: SystemClock.now().as_micros(),
        expires_us: None,
    };
    store.create_credential(credential).await.context("cannot make the token")?;
    say("Send it as \"Authorization: Bearer ...\". It is shown only now:");
    say(&token);
    Ok(())
}

fn usage(sentence: &str) -> Refusal {
    Refusal::Usage(sentence.to_owned())
}

async fn open(settings: StoreSettings) -> Result<SqliteStore> {
    open_store(&StoreConfig::load(settings, &Surroundings::real())?).await
}

async fn named(store: &SqliteStore, name: &str) -> Result<UserRow> {
    let user = store.user_by_name(name).await.context("cannot look the user up")?;
    user.ok_or_else(|| anyhow!("there is no user {name:?}"))
}

/// Reads a new password, by the rules, and hashes it.
fn new_password(args: PasswordArgs) -> Result<String> {
    let password = if args.password_stdin { first_line()? } else { asked_twice()? };
    check_password(&password).map_err(usage)?;
    Ok(hash_password(&password, &SystemEntropy)?)
}

fn first_line() -> Result<String> {
    let mut line = String::new();
    io::stdin().lock().read_line(&mut line).context("cannot read the password")?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

fn asked_twice() -> Result<String> {
    if !io::stdin().is_terminal() {
        return Err(usage("give the password on standard input, with --password-stdin").into());
    }
    let ask = |prompt| rpassword::prompt_password(prompt).context("cannot read the password");
    let password = ask("Password: ")?;
    if ask("The same again: ")? != password {
        return Err(usage("the two passwords differ").into());
    }
    Ok(password)
}

#[expect(clippy::cast_precision_loss, reason = "53 bits of microseconds are 285 years")]
fn list(users: Vec<UserRow>, json: bool) -> Result<()> {
    let listed: Vec<Listed> = users
        .into_iter()
        .map(|user| Listed {
            name: user.name,
            is_admin: user.is_admin,
            created_s: user.created_us as f64 / 1e6,
        })
        .collect();
    if json {
        say(&serde_json::to_string(&listed)?);
    } else {
        for user in listed {
            say(&format!("{}{}", user.name, if user.is_admin { " (administrator)" } else { "" }));
        }
    }
    Ok(())
}
