//! What names, streets and firms are made of. All of it is made up.

/// Surnames with how many of 1,000 people bear them.
pub const SURNAMES: [(&str, u64); 30] = [
    ("김", 215),
    ("이", 147),
    ("박", 84),
    ("최", 47),
    ("정", 43),
    ("강", 24),
    ("조", 21),
    ("윤", 21),
    ("장", 20),
    ("임", 17),
    ("한", 15),
    ("오", 15),
    ("서", 15),
    ("신", 15),
    ("권", 14),
    ("황", 14),
    ("안", 14),
    ("송", 14),
    ("전", 11),
    ("홍", 11),
    ("유", 13),
    ("고", 9),
    ("문", 9),
    ("양", 9),
    ("손", 9),
    ("배", 8),
    ("백", 8),
    ("허", 7),
    ("남궁", 1),
    ("제갈", 1),
];

/// First syllables of given names.
pub const FIRST: [&str; 28] = [
    "가", "건", "나", "다", "도", "동", "라", "민", "보", "서", "선", "소", "수", "승", "시", "아", "연",
    "영", "예", "우", "유", "윤", "은", "재", "주", "지", "태", "하",
];

/// Second syllables of men's given names.
pub const LAST_OF_MEN: [&str; 16] =
    ["건", "겸", "규", "민", "빈", "석", "성", "수", "우", "율", "준", "찬", "혁", "현", "호", "훈"];

/// Second syllables of women's given names.
pub const LAST_OF_WOMEN: [&str; 16] =
    ["경", "나", "담", "라", "람", "린", "미", "비", "숙", "슬", "아", "연", "영", "원", "은", "희"];

/// Names of foreigners: family names, and given names of women and men.
pub const FOREIGN: [[&str; 8]; 3] = [
    ["ABDULLAEV", "BATBAYAR", "GARCIA", "NGUYEN", "RAHMAN", "SANTOS", "TRAN", "ZHAO"],
    ["ALINA", "BICH NGOC", "DULGUUN", "GRACE", "LAN ANH", "MARIA", "NARGIZA", "XIAOYU"],
    ["BEKZOD", "CARLO", "DUC ANH", "HAO", "JOSE", "MINH", "RAFIQ", "TEMUULEN"],
];

/// Streets of the made-up cities.
pub const STREETS: [&str; 20] = [
    "가람로",
    "고운길",
    "노을로",
    "느티로",
    "다온길",
    "달빛로",
    "도담길",
    "마루로",
    "물결로",
    "미르길",
    "바람로",
    "별빛로",
    "새벽길",
    "솔내음길",
    "아침로",
    "온새미로",
    "은하로",
    "하늘로",
    "한결길",
    "해오름로",
];

/// Words that firms begin with.
pub const FIRMS: [&str; 16] = [
    "가온누리",
    "나래울",
    "다솜빛",
    "달구름",
    "모아든",
    "별마루",
    "새얀",
    "솔바람",
    "아라솔",
    "온누리",
    "이든",
    "큰솔",
    "푸른들",
    "한아름",
    "해밀",
    "흰여울",
];

/// What firms do.
pub const TRADES: [&str; 10] =
    ["물산", "전자", "건설", "식품", "운수", "소프트", "의료기", "교육", "무역", "설계"];

/// Models of vehicles.
pub const MODELS: [&str; 8] = [
    "가람 1.6",
    "가람 2.0",
    "나루 전기차",
    "누리 경차",
    "다온 승합차",
    "마루 1톤",
    "미르 SUV",
    "바람 하이브리드",
];

/// Schools.
pub const SCHOOLS: [&str; 6] =
    ["가온대학교", "나래대학교", "다솜대학교", "가온고등학교", "나래고등학교", "다솜고등학교"];
