//! The login e-mail and password of the mini-program, and signing in to the console.

use url::Url;
use zeroize::{Zeroize, Zeroizing};

use crate::api::{
    ConsolePage, EmailProblem, ErrorCode, LoginCheck, LoginField, PasswordProblem, Tag, WizardView,
};
use crate::context::Context;
use crate::error::Error;
use crate::onboarding::wizard::{answer, get_wizard};
use crate::ports::Randomness;
use crate::secrets::{Secret, SecretKind};
use crate::store::answers;

/// RFC 5321: longer addresses cannot be used for mail.
const EMAIL_CHARACTERS_MAX: usize = 254;
/// What WeChat's own form asks for at least (docs/wechat.md §8, assumed).
const PASSWORD_CHARACTERS_MIN: usize = 8;
/// zxcvbn's "safely unguessable: moderate protection" begins here.
const STRENGTH_MIN: u8 = 3;
/// Part of an address that is long enough to be recognised in a password.
const TELLING_CHARACTERS_MIN: usize = 4;

/// Pages after the console's sign-in (the console itself redirects there after signing in).
const SIGNED_IN: &str = "/wxamp/";

/// The verdict on what is being typed; nothing is stored.
pub(crate) fn check_login(email: &Secret<String>, password: &Secret<String>) -> LoginCheck {
    check(email.expose().trim(), password.expose())
}

/// A strong password that WeChat accepts: 16 letters, digits and hyphens, without characters that look alike.
pub(crate) fn suggest_password(context: &Context) -> Secret<String> {
    suggest(context.setup.randomness.as_ref())
}

/// Keeps both in the keyring, or neither. Errors: `email_invalid`, `password_weak`, `keyring_…`.
pub(crate) async fn save_login(
    context: &Context,
    account: &str,
    email: Secret<String>,
    password: Secret<String>,
) -> Result<WizardView, Error> {
    let account = context.account(account).await?;
    let address = email.expose().trim();
    let verdict = check(address, password.expose());
    if verdict.email.is_some() {
        return Err(Error::refused(ErrorCode::EmailInvalid));
    }
    if !verdict.password.is_empty() {
        return Err(Error::refused(ErrorCode::PasswordWeak));
    }
    // One entry for both: neither can be new while the other is old. Neither contains a line break.
    let both = Secret::new([address, password.expose()].join("\n"));
    let now = context.now(account.environment);
    let id = account.id.clone();
    let record = move |context: Context| async move {
        let write = context.store.write_ledger(move |db| {
            let mut answers = answers::of(db, &id)?;
            answers.login_saved_at = Some(now);
            answers::save(db, &answers)
        });
        Ok(write.await?)
    };
    context.keep_secret(&account, SecretKind::Login, both, record).await?;
    context.changed(&account.id, &[Tag::Wizard]);
    get_wizard(context, &account.id).await
}

/// The shop says that 小程序助手 has saved them. Errors: `login_missing`.
pub(crate) async fn confirm_login_set(context: &Context, account: &str) -> Result<WizardView, Error> {
    let account = context.account(account).await?;
    if context.snapshot(&account.id).await?.answers.login_saved_at.is_none() {
        return Err(Error::refused(ErrorCode::LoginMissing));
    }
    let now = context.now(account.environment);
    answer(context, &account.id, move |answers| answers.login_confirmed_at = Some(now)).await
}

/// The saved e-mail or password, to show, copy or fill. Errors: `login_missing`, `keyring_…`.
pub(crate) async fn login_secret(
    context: &Context,
    account: &str,
    field: LoginField,
) -> Result<Secret<String>, Error> {
    let account = context.account(account).await?;
    let both = context.secret(&account, SecretKind::Login).await?;
    let both = both.ok_or_else(|| Error::refused(ErrorCode::LoginMissing))?;
    let (email, password) =
        both.expose().split_once('\n').ok_or_else(|| Error::refused(ErrorCode::LoginMissing))?;
    Ok(Secret::new(match field {
        LoginField::Email => email.to_owned(),
        LoginField::Password => password.to_owned(),
    }))
}

/// The shop says that it is signed in to the console.
pub(crate) async fn confirm_signed_in(context: &Context, account: &str) -> Result<WizardView, Error> {
    let account = context.account(account).await?;
    let now = context.now(account.environment);
    answer(context, &account.id, move |answers| {
        answers.signed_in_at.get_or_insert(now);
    })
    .await
}

/// Tells that the console window of `account` loaded `url`. Records the sign-in when it is a page after the
/// sign-in of its own console; says whether it is one.
pub(crate) async fn console_reached(context: &Context, account: &str, url: &Url) -> Result<bool, Error> {
    let account = context.account(account).await?;
    let console = &context.platform(account.environment)?.addresses.console;
    if url.origin() != console.origin() || !url.path().starts_with(SIGNED_IN) {
        return Ok(false);
    }
    if context.snapshot(&account.id).await?.answers.signed_in_at.is_none() {
        confirm_signed_in(context, &account.id).await?;
    }
    Ok(true)
}

/// The address of a console page, for the account's environment. Errors: `practice_failed`, `unreachable`.
pub(crate) async fn console_address(
    context: &Context,
    account: &str,
    page: ConsolePage,
) -> Result<Url, Error> {
    let account = context.account(account).await?;
    let mut address = context.platform(account.environment)?.addresses.console.clone();
    // WeChat's official deep link [W]: it goes on to the page at once, or after signing in.
    address.set_path("/cgi-bin/loginpage");
    address.set_query(Some(match page {
        ConsolePage::Charge => "redirect_url=/wxamp/wxacharge",
        ConsolePage::DevSettings => "redirect_url=/wxamp/devprofile/get_profile",
    }));
    Ok(address)
}

fn check(email: &str, password: &str) -> LoginCheck {
    let local = email.split('@').next().unwrap_or_default();
    let estimate = zxcvbn::zxcvbn(password, &[email, local]);
    let strength = u8::from(estimate.score());
    let mut problems = Vec::new();
    if password.chars().count() < PASSWORD_CHARACTERS_MIN {
        problems.push(PasswordProblem::TooShort);
    }
    let letters = password.chars().any(|c| c.is_ascii_alphabetic());
    let others = password.chars().any(|c| c.is_ascii_digit() || c.is_ascii_punctuation());
    if !(letters && others) {
        problems.push(PasswordProblem::OneKindOnly);
    }
    if password.chars().any(|c| !c.is_ascii_graphic()) {
        problems.push(PasswordProblem::ForbiddenCharacter);
    }
    let lowercase = Zeroizing::new(password.to_ascii_lowercase());
    if local.chars().count() >= TELLING_CHARACTERS_MIN && lowercase.contains(&local.to_ascii_lowercase()) {
        problems.push(PasswordProblem::ContainsEmail);
    }
    // Said only where nothing plainer is wrong.
    if problems.is_empty() && strength < STRENGTH_MIN {
        problems.push(PasswordProblem::Guessable);
    }
    LoginCheck { email: email_problem(email), password: problems, strength }
}

/// Form only: whether the address exists, and is free at WeChat, shows in 小程序助手.
fn email_problem(email: &str) -> Option<EmailProblem> {
    if email.is_empty() {
        return Some(EmailProblem::Empty);
    }
    if email.chars().count() > EMAIL_CHARACTERS_MAX {
        return Some(EmailProblem::TooLong);
    }
    let label = |label: &str| {
        !label.is_empty()
            && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let whole = email.split_once('@').is_some_and(|(local, domain)| {
        let atoms = local.split('.').all(|atom| {
            !atom.is_empty()
                && atom.chars().all(|c| c.is_ascii_alphanumeric() || "!#$%&'*+/=?^_`{|}~-".contains(c))
        });
        atoms && domain.contains('.') && domain.split('.').all(label)
    });
    (!whole).then_some(EmailProblem::NotAnAddress)
}

/// Letters and digits that nobody mistakes for another on paper or on a telephone screen.
const READABLE: &[u8] = b"abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";
/// `abcde-fghij-klmn`: 14 characters of [`READABLE`], about 80 bits, and two hyphens, the symbol that every form takes.
const GROUPS: [usize; 3] = [5, 5, 4];

fn suggest(randomness: &dyn Randomness) -> Secret<String> {
    loop {
        let mut text = String::with_capacity(16);
        for (index, length) in GROUPS.into_iter().enumerate() {
            if index > 0 {
                text.push('-');
            }
            (0..length).for_each(|_| text.push(readable(randomness)));
        }
        let has = |kind: fn(&char) -> bool| text.chars().any(|c| kind(&c));
        if has(char::is_ascii_lowercase) && has(char::is_ascii_uppercase) && has(char::is_ascii_digit) {
            return Secret::new(text);
        }
        text.zeroize();
    }
}

/// One character, each as likely as any other: bytes beyond the last whole round of the alphabet are thrown away.
fn readable(randomness: &dyn Randomness) -> char {
    let rounds = 256 / READABLE.len() * READABLE.len();
    loop {
        let mut byte = [0];
        randomness.fill(&mut byte);
        let index = usize::from(byte[0]);
        if index < rounds {
            return char::from(READABLE[index % READABLE.len()]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ports::SystemRandomness;

    #[test]
    fn addresses_are_judged_by_form() {
        for good in ["shop@example.com", "a.b+c@mail.example.cn", "x@a-b.co"] {
            assert_eq!(email_problem(good), None, "{good}");
        }
        for bad in [
            "shop",
            "shop@",
            "@example.com",
            "a b@example.com",
            "a@b",
            "a@@b.cn",
            "a@b..cn",
            "店@b.cn",
            "a.@b.cn",
        ] {
            assert_eq!(email_problem(bad), Some(EmailProblem::NotAnAddress), "{bad}");
        }
        assert_eq!(email_problem(""), Some(EmailProblem::Empty));
        assert_eq!(email_problem(&format!("a@{}.cn", "b".repeat(251))), Some(EmailProblem::TooLong));
    }

    #[test]
    fn passwords_are_judged() {
        let problems = |password| check("jinwei.guan@example.com", password).password;
        assert_eq!(problems("a1b2"), [PasswordProblem::TooShort]);
        assert_eq!(problems("onlyletters"), [PasswordProblem::OneKindOnly]);
        assert_eq!(problems("has space 17 Xy"), [PasswordProblem::ForbiddenCharacter]);
        assert_eq!(problems("Jinwei.Guan88!xQ"), [PasswordProblem::ContainsEmail]);
        assert_eq!(problems("password1"), [PasswordProblem::Guessable]);
        assert!(problems("Kf7mQ-x2Wd9-h4Tz").is_empty());
    }

    #[test]
    fn suggestions_pass_our_own_check_and_differ() {
        let mut seen = std::collections::BTreeSet::new();
        for _ in 0..200 {
            let suggestion = suggest(&SystemRandomness);
            let verdict = check("shop@example.com", suggestion.expose());
            assert_eq!((verdict.password.as_slice(), suggestion.expose().len()), (&[][..], 16));
            assert!(verdict.strength >= 3);
            assert!(seen.insert(suggestion.expose().to_owned()));
        }
    }
}
