use billing_core::situation as core;
use serde::Serialize;
use ts_rs::TS;

/// Where an account stands: what the customer at the till gets now, and for how long. `billing-core` decides it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
pub struct SituationView {
    pub kind: Situation,
    pub tone: Tone,
    /// What helps first, and after that.
    pub first: Option<Act>,
    pub second: Option<Act>,
}

macro_rules! twins {
    ($($(#[$attribute:meta])* $name:ident { $($(#[$of:meta])* $word:ident),+ $(,)? })+) => { $(
        $(#[$attribute])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, TS)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[$of])* $word),+ }

        impl From<core::$name> for $name {
            fn from(found: core::$name) -> Self {
                match found { $(core::$name::$word => Self::$word),+ }
            }
        }
    )+ };
}

twins! {
    /// The situations, worst first.
    Situation {
        /// All is used: customers who authorise are turned away.
        DryUsedUp,
        /// The last pack ended with calls left: customers who authorise are turned away.
        DryExpired,
        /// What is left is likely to end today.
        EndsToday,
        /// It may be used up before a pack that is paid for today is there.
        EndsSoonByUse,
        /// Its last pack may end before one that is paid for today is there.
        EndsSoonByExpiry,
        /// It cannot be read, and there are no figures that say anything of today.
        CannotRead,
        /// The figures are too old to say anything of today.
        Stale,
        /// Nothing was read or typed in yet.
        NotConnected,
        /// There are figures, but nothing can be said of the days ahead yet.
        Unknown,
        /// Nothing is left, and members type their numbers: nobody is turned away.
        DryManual,
        /// Members type their numbers, so that nothing of what is left is used.
        Manual,
        /// The trial lasts for now.
        TrialEnough,
        /// It lasts for now.
        Enough,
        /// It lasts longer than dates are worked out for.
        LastsLong,
        /// It pays nothing by a free rule.
        PaysNothing,
    }
    /// The colour of a situation.
    Tone { Danger, Warn, Muted, Calm }
    /// What the shop can do about it.
    Act {
        /// Let members type their numbers: it takes effect at once.
        LetMembersType,
        /// Let members authorise again.
        LetMembersAuthorise,
        Buy,
        LookAgain,
        ReadAgain,
        Connect,
    }
}
