//! Small drawings of our own, on a grid of 24 by 24. They never carry meaning alone.

use leptos::prelude::*;

/// What is drawn.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[expect(missing_docs, reason = "each is named after what it shows")]
pub enum Picture {
    Search,
    Menu,
    Person,
    ArrowRight,
    ChevronRight,
    Check,
    Info,
    Warning,
    Danger,
    Clock,
    Money,
    Document,
    Records,
    Bag,
    Scale,
    Objection,
    Robot,
    House,
    Baby,
    Heart,
    Car,
    Briefcase,
    Shop,
    School,
    Elder,
    Globe,
    Shield,
    Building,
    Candle,
    Hands,
    Settings,
    Speech,
}

impl Picture {
    /// Every drawing.
    pub const ALL: [Self; 32] = [
        Self::Search,
        Self::Menu,
        Self::Person,
        Self::ArrowRight,
        Self::ChevronRight,
        Self::Check,
        Self::Info,
        Self::Warning,
        Self::Danger,
        Self::Clock,
        Self::Money,
        Self::Document,
        Self::Records,
        Self::Bag,
        Self::Scale,
        Self::Objection,
        Self::Robot,
        Self::House,
        Self::Baby,
        Self::Heart,
        Self::Car,
        Self::Briefcase,
        Self::Shop,
        Self::School,
        Self::Elder,
        Self::Globe,
        Self::Shield,
        Self::Building,
        Self::Candle,
        Self::Hands,
        Self::Settings,
        Self::Speech,
    ];

    /// The strokes.
    const fn path(self) -> &'static str {
        match self {
            Self::Search => "M10.5 4a6.5 6.5 0 1 0 0 13a6.5 6.5 0 0 0 0-13M15.5 15.5L20 20",
            Self::Menu => "M4 7h16M4 12h16M4 17h16",
            Self::Person => "M12 4a4 4 0 1 0 0 8a4 4 0 0 0 0-8M4.5 20c.6-3.6 3.6-5.5 7.5-5.5s6.9 1.9 7.5 5.5",
            Self::ArrowRight => "M5 12h14M13 6l6 6l-6 6",
            Self::ChevronRight => "M9 5l7 7l-7 7",
            Self::Check => "M5 12.5l4.5 4.5L19 7.5",
            Self::Info => "M12 3.5a8.5 8.5 0 1 0 0 17a8.5 8.5 0 0 0 0-17M12 11v5.5M12 7.5v.5",
            Self::Warning => "M12 4L2.8 19.5h18.4zM12 10v4.5M12 17v.3",
            Self::Danger => "M8.5 3.5h7l5 5v7l-5 5h-7l-5-5v-7zM9 9l6 6M15 9l-6 6",
            Self::Clock => "M12 3.5a8.5 8.5 0 1 0 0 17a8.5 8.5 0 0 0 0-17M12 7.5V12l3.5 2",
            Self::Money => "M12 3.5a8.5 8.5 0 1 0 0 17a8.5 8.5 0 0 0 0-17M7 9.5l2 6l3-6l3 6l2-6M6.5 12.5h11",
            Self::Document => "M6 3.5h8l4.5 4.5v12.5H6zM13.5 3.5V8.5h5M9 12.5h6M9 16h6",
            Self::Records => {
                "M4.5 7c0-4.3 15-4.3 15 0s-15 4.3-15 0v10c0 4.3 15 4.3 15 0V7M4.5 12c0 4.3 15 4.3 15 0"
            }
            Self::Bag => "M5 8.5h14l-1 11.5H6zM9 8.5V7a3 3 0 0 1 6 0v1.5M9.5 13.5l2 2l3.5-3.5",
            Self::Scale => {
                "M12 4v16M7.5 20h9M5 7l7-1.5L19 7M5 7l-2.5 6.5a2.6 2.6 0 0 0 5 0zM19 7l-2.5 6.5a2.6 2.6 0 0 0 5 0z"
            }
            Self::Objection => "M4 5h16v11h-8.5L7 20v-4H4zM12 8v3.5M12 13.5v.3",
            Self::Robot => {
                "M5 9h14v10H5zM12 9V5.5M12 4.5v.3M9 13v1M15 13v1M9.5 16.5h5M2.5 12.5v3M21.5 12.5v3"
            }
            Self::House => "M3.5 11.5L12 4l8.5 7.5M6 9.5V20h12V9.5M10 20v-6h4v6",
            Self::Baby => {
                "M12 4.5a7.5 7.5 0 1 0 0 15a7.5 7.5 0 0 0 0-15c0 2 2 2.5 3 1.5M9 11.5v.5M15 11.5v.5M9 15c1.5 2 4.5 2 6 0"
            }
            Self::Heart => {
                "M12 20C5 15.5 3.5 12 3.5 9A4.4 4.4 0 0 1 12 7.5A4.4 4.4 0 0 1 20.5 9c0 3-1.5 6.5-8.5 11z"
            }
            Self::Car => {
                "M4 17v-4.5L6.5 7h11l2.5 5.5V17zM4 12.5h16M6 17v2.5M18 17v2.5M7.5 14.8h1M15.5 14.8h1"
            }
            Self::Briefcase => "M3.5 8h17v11.5h-17zM9 8V5h6v3M3.5 13h17M12 12v2",
            Self::Shop => {
                "M5 10.5V20h14v-9.5M3.5 9.5L5.5 4.5h13l2 5a2.9 2.9 0 0 1-5.6 0a2.9 2.9 0 0 1-5.8 0a2.9 2.9 0 0 1-5.6 0M10 20v-5.5h4V20"
            }
            Self::School => "M2.5 9.5L12 5l9.5 4.5L12 14zM6.5 11.5v5c2.5 2.5 8.5 2.5 11 0v-5M21.5 9.5v5.5",
            Self::Elder => {
                "M10 4.5a2.5 2.5 0 1 0 0 5a2.5 2.5 0 0 0 0-5M5.5 20v-4.5c0-5.5 9-5.5 9 0V20M17.5 20v-7.5a1.5 1.5 0 0 1 3 0"
            }
            Self::Globe => {
                "M12 3.5a8.5 8.5 0 1 0 0 17a8.5 8.5 0 0 0 0-17c-5 5-5 12 0 17c5-5 5-12 0-17M3.5 12h17"
            }
            Self::Shield => {
                "M12 3.5l7.5 2.5v5.5c0 4.5-3 7.5-7.5 9c-4.5-1.5-7.5-4.5-7.5-9V6zM8.5 12l2.5 2.5l4.5-4.5"
            }
            Self::Building => "M4 20h16M6 20V4h8v16M14 9h4v11M9 8h2M9 12h2M9 16h2",
            Self::Candle => "M9 11h6v9H9zM12 11V9M12 3.5c2.5 2.5 1.5 5 0 5s-2.5-2.5 0-5M6.5 20h11",
            Self::Hands => "M3.5 12.5l4-5l4.5 1.5l4.5-1.5l4 5l-8 7.5zM12 9l-3 4l2 1.5l3-2.5",
            Self::Settings => "M4 7h9M17 7h3M4 17h3M11 17h9M15 4.5v5M9 14.5v5",
            Self::Speech => "M4 5h16v11h-8.5L7 20v-4H4zM8 9.5h8M8 12.5h5",
        }
    }
}

/// One of the drawings, as large as the text around it. Hidden from screen readers.
#[component]
pub fn Icon(
    /// What is drawn.
    picture: Picture,
) -> impl IntoView {
    view! {
        <svg class="icon" viewBox="0 0 24 24" width="24" height="24" aria-hidden="true" focusable="false">
            <path d=picture.path()></path>
        </svg>
    }
}
