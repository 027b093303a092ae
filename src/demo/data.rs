//! The people and the software of the demo business. The names of people are made up; prices are of the right size and
//! nobody's price list.

/// Name and department.
pub type Person = (&'static str, &'static str);

/// The owner comes first, then the team that signs in, then everybody else.
pub const PEOPLE: [Person; 60] = [
    ("Mara Lindqvist", "Management"),
    ("Tomás Rey", "Product"),
    ("Henrik Aas", "Sales"),
    ("Priya Nair", "Engineering"),
    ("Ines Okafor", "Finance"),
    ("Uma Castell", "Product"),
    ("Noah Kimura", "Sales"),
    ("Elena Duarte", "Marketing"),
    ("Arjun Mehta", "Product"),
    ("Sofie Brandt", "Product"),
    ("Leila Haddad", "Product"),
    ("Chidi Okoro", "Engineering"),
    ("Anouk Visser", "Engineering"),
    ("Bram de Wit", "Engineering"),
    ("Camille Laurent", "Marketing"),
    ("Daniel Novak", "Engineering"),
    ("Esra Yildiz", "Support"),
    ("Felix Sommer", "Engineering"),
    ("Giulia Conti", "Design"),
    ("Hana Suzuki", "Design"),
    ("Ivo Petrov", "Engineering"),
    ("Jonas Berg", "Sales"),
    ("Karin Holm", "Finance"),
    ("Liam Walsh", "Support"),
    ("Marta Kowalska", "Engineering"),
    ("Nadia Rahman", "Support"),
    ("Oskar Nyman", "Engineering"),
    ("Paula Santos", "Marketing"),
    ("Quentin Moreau", "Sales"),
    ("Rosa Ferreira", "People"),
    ("Samir Aziz", "Engineering"),
    ("Tilda Ek", "Design"),
    ("Ugo Bianchi", "Sales"),
    ("Vera Klein", "Engineering"),
    ("Wanda Mazur", "Support"),
    ("Xavier Roca", "Sales"),
    ("Yara Haddad", "Marketing"),
    ("Zoe Martin", "Design"),
    ("Aldo Ricci", "Engineering"),
    ("Beatriz Lopes", "Engineering"),
    ("Cato Jensen", "Sales"),
    ("Dora Vidal", "People"),
    ("Emil Strand", "Engineering"),
    ("Freya Lund", "Design"),
    ("Goran Ilic", "Engineering"),
    ("Helga Frey", "Finance"),
    ("Imran Shah", "Support"),
    ("Julia Maas", "Marketing"),
    ("Kofi Mensah", "Engineering"),
    ("Lena Fuchs", "Product"),
    ("Milo Hart", "Engineering"),
    ("Nora Quist", "Sales"),
    ("Otto Weiss", "Engineering"),
    ("Pia Norberg", "Support"),
    ("Rafael Pinto", "Engineering"),
    ("Selma Dahl", "Marketing"),
    ("Theo Lambert", "Engineering"),
    ("Ulla Kranz", "People"),
    ("Viktor Orlov", "Engineering"),
    ("Wren Carter", "Design"),
];

/// One piece of software the demo business pays for.
pub struct Software {
    /// The service.
    pub service: &'static str,
    /// What the business calls it.
    pub name: &'static str,
    /// What it is for.
    pub category: &'static str,
    /// As a form takes it.
    pub cost: &'static str,
    /// ISO 4217.
    pub currency: &'static str,
    /// `flat` or `per_seat`.
    pub cost_model: &'static str,
    /// `month` or `year`.
    pub cycle: &'static str,
    /// Days from today to the coming renewal.
    pub renews_in: i64,
    /// Days of notice.
    pub notice: u32,
    /// Seats paid for; 0: not counted.
    pub seats: u32,
    /// How many people hold one.
    pub held: usize,
    /// Which of the team owns it.
    pub owner: usize,
}

type Row = (
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    i64,
    u32,
    u32,
    usize,
    usize,
);

const fn software(row: Row) -> Software {
    let (service, name, category, cost, currency, cost_model, cycle, renews_in, notice, seats, held, owner) = row;
    Software { service, name, category, cost, currency, cost_model, cycle, renews_in, notice, seats, held, owner }
}

/// Everything the demo business pays for, a row each.
#[rustfmt::skip]
pub const SOFTWARE: [Software; 40] = [
    software(("Figma", "Figma Organization", "Design", "540.00", "USD", "per_seat", "year", 36, 30, 30, 27, 1)),
    software(("Slack", "Slack Business+", "Communication", "12.50", "USD", "per_seat", "month", 9, 1, 60, 58, 1)),
    software(("Salesforce", "Salesforce Sales Cloud", "Sales", "960.00", "EUR", "per_seat", "year", 70, 60, 18, 13, 2)),
    software(("Linear", "Linear Business", "Engineering", "14.00", "USD", "per_seat", "month", 11, 1, 40, 38, 3)),
    software(("Notion", "Notion Plus", "Knowledge", "114.00", "EUR", "per_seat", "year", 28, 14, 60, 41, 0)),
    software(("Miro", "Miro Business", "Design", "20.00", "USD", "per_seat", "month", 7, 1, 10, 8, 5)),
    software(("GitHub", "GitHub Team", "Engineering", "4.00", "USD", "per_seat", "month", 15, 1, 30, 26, 3)),
    software(("Datadog", "Datadog Pro", "Engineering", "1840.00", "USD", "flat", "month", 19, 1, 0, 0, 3)),
    software(("Google Workspace", "Google Workspace Standard", "Communication", "11.50", "EUR", "per_seat", "month", 22, 1, 65, 60, 4)),
    software(("Zoom", "Zoom Pro", "Communication", "139.90", "EUR", "per_seat", "year", 101, 30, 20, 12, 2)),
    software(("1Password", "1Password Business", "Security", "7.99", "USD", "per_seat", "month", 13, 1, 60, 59, 4)),
    software(("HubSpot", "HubSpot Marketing Hub", "Marketing", "9600.00", "EUR", "flat", "year", 88, 60, 0, 0, 2)),
    software(("Adobe Creative Cloud", "Adobe Creative Cloud", "Design", "779.88", "EUR", "per_seat", "year", 47, 30, 8, 8, 1)),
    software(("Intercom", "Intercom Advanced", "Support", "85.00", "USD", "per_seat", "month", 4, 1, 9, 8, 5)),
    software(("Zendesk", "Zendesk Suite", "Support", "1068.00", "USD", "per_seat", "year", 154, 60, 8, 6, 5)),
    software(("Atlassian", "Jira", "Engineering", "7.53", "USD", "per_seat", "month", 17, 1, 20, 11, 3)),
    software(("Sentry", "Sentry Team", "Engineering", "26.00", "USD", "flat", "month", 6, 1, 0, 0, 3)),
    software(("Vercel", "Vercel Pro", "Engineering", "20.00", "USD", "per_seat", "month", 24, 1, 12, 9, 3)),
    software(("Cloudflare", "Cloudflare Business", "Engineering", "200.00", "USD", "flat", "month", 12, 1, 0, 0, 3)),
    software(("AWS", "AWS Business Support", "Engineering", "1200.00", "USD", "flat", "month", 10, 1, 0, 0, 3)),
    software(("Personio", "Personio Core", "People", "412.00", "EUR", "flat", "month", 27, 30, 0, 0, 4)),
    software(("Xero", "Xero Established", "Finance", "55.00", "GBP", "flat", "month", 18, 1, 0, 0, 4)),
    software(("Pleo", "Pleo Advanced", "Finance", "89.00", "EUR", "flat", "month", 21, 1, 0, 0, 4)),
    software(("DocuSign", "DocuSign Business Pro", "Sales", "480.00", "USD", "per_seat", "year", 130, 30, 5, 4, 2)),
    software(("Mailchimp", "Mailchimp Standard", "Marketing", "170.00", "USD", "flat", "month", 8, 1, 0, 0, 2)),
    software(("Ahrefs", "Ahrefs Standard", "Marketing", "2388.00", "EUR", "flat", "year", 206, 30, 0, 0, 2)),
    software(("Canva", "Canva Teams", "Marketing", "100.00", "EUR", "per_seat", "year", 61, 14, 10, 7, 1)),
    software(("Loom", "Loom Business", "Communication", "15.00", "USD", "per_seat", "month", 16, 1, 15, 10, 5)),
    software(("Calendly", "Calendly Teams", "Sales", "192.00", "USD", "per_seat", "year", 240, 30, 12, 9, 2)),
    software(("Grammarly", "Grammarly Business", "Marketing", "144.00", "USD", "per_seat", "year", 175, 30, 10, 5, 1)),
    software(("Postman", "Postman Basic", "Engineering", "14.00", "USD", "per_seat", "month", 20, 1, 10, 7, 3)),
    software(("JetBrains", "JetBrains All Products", "Engineering", "779.00", "EUR", "per_seat", "year", 55, 0, 14, 14, 3)),
    software(("Retool", "Retool Team", "Engineering", "10.00", "USD", "per_seat", "month", 25, 1, 10, 6, 3)),
    software(("Snowflake", "Snowflake Capacity", "Engineering", "18000.00", "USD", "flat", "year", 97, 90, 0, 0, 3)),
    software(("Looker Studio", "Looker Studio Pro", "Engineering", "9.00", "USD", "per_seat", "month", 14, 1, 10, 4, 4)),
    software(("Dropbox", "Dropbox Business", "Knowledge", "180.00", "EUR", "per_seat", "year", 33, 30, 10, 3, 4)),
    software(("Typeform", "Typeform Plus", "Marketing", "588.00", "EUR", "flat", "year", 290, 30, 0, 0, 2)),
    software(("Deel", "Deel Contractors", "People", "49.00", "USD", "per_seat", "month", 23, 1, 6, 5, 4)),
    software(("Statuspage", "Statuspage Startup", "Support", "99.00", "USD", "flat", "month", 5, 1, 0, 0, 5)),
    software(("Dovetail", "Dovetail Professional", "Product", "1680.00", "USD", "flat", "year", 118, 45, 0, 0, 1)),
];
