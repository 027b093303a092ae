//! The fields of subscriptions and of seats that a column can be read into. What is exported has the same labels as
//! headers, so that it finds its way back.

/// A field a column can be mapped to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Field {
    /// The code in forms.
    pub code: &'static str,
    /// As a screen says it, and as an export is headed.
    pub label: &'static str,
    /// Headers of other programs, letters and digits only, the surest first.
    pub headers: &'static [&'static str],
}

const fn field(code: &'static str, label: &'static str, headers: &'static [&'static str]) -> Field {
    Field { code, label, headers }
}

/// What a row says of a subscription, in the order of the form.
#[rustfmt::skip]
pub const SUBSCRIPTION: [Field; 24] = [
    field("id", "Subscription id", &["subscriptionid"]),
    field("service", "Service", &["service", "servicename", "vendor", "vendorname", "application", "app", "appname", "software", "product", "tool", "provider", "supplier"]),
    field("name", "Name", &["name", "subscription", "subscriptionname", "title", "plan", "planname", "contract"]),
    field("owner", "Owner", &["owner", "owneremail", "appowner", "businessowner", "responsible", "contact"]),
    field("status", "Status", &["status", "state"]),
    field("cost", "Cost", &["cost", "price", "amount", "costpercycle", "totalcost", "value"]),
    field("currency", "Currency", &["currency", "currencycode"]),
    field("cost_model", "Cost is for", &["costisfor", "costmodel", "pricing", "pricingmodel", "billingmodel"]),
    field("pack_size", "Pack size", &["packsize"]),
    field("every", "Every", &["every", "cycle", "billingcycle", "billingperiod", "billingfrequency", "frequency", "paymentcycle", "paymentfrequency", "interval", "schedule", "renewalcycle"]),
    field("starts_on", "Started on", &["startedon", "startson", "startdate", "start", "purchasedate", "contractstart", "contractstartdate"]),
    field("renews_on", "Renews on", &["renewson", "renewaldate", "renewal", "nextrenewal", "nextrenewaldate", "nextpayment", "nextpaymentdate", "nextbilling", "nextbillingdate", "duedate", "nextdue", "contractenddate"]),
    field("term", "First term", &["firstterm", "term", "contractterm", "initialterm", "contractlength"]),
    field("renewal_term", "Later terms", &["laterterms", "renewalterm"]),
    field("auto_renew", "At the end of the term", &["attheendoftheterm", "autorenew", "autorenewal", "renewaltype"]),
    field("notice", "Notice", &["notice", "noticeperiod", "cancellationnotice", "noticedays"]),
    field("trial_ends_on", "Trial ends on", &["trialendson", "trialend", "trialends", "trialenddate"]),
    field("seats", "Seats", &["seats", "licenses", "licences", "quantity", "numberofseats", "seatcount", "licensecount"]),
    field("department", "Department", &["department", "dept", "team", "costcenter", "costcentre"]),
    field("category", "Category", &["category", "type"]),
    field("tags", "Tags", &["tags", "labels"]),
    field("payment_method", "Payment method", &["paymentmethod", "paidwith", "paidby"]),
    field("url", "Link", &["link", "url", "website"]),
    field("notes", "Notes", &["notes", "note", "comment", "comments", "description"]),
];

/// What a row says of a seat.
#[rustfmt::skip]
pub const LICENSE: [Field; 8] = [
    field("subscription_id", "Subscription id", &["subscriptionid"]),
    field("service", "Service", &["service", "servicename", "vendor", "application", "app", "appname", "software", "product", "tool"]),
    field("subscription", "Subscription", &["subscription", "subscriptionname", "license", "licensename", "licencename", "plan", "name"]),
    field("person", "E-mail", &["email", "emailaddress", "workemail", "useremail", "holder", "holderemail", "assignedto", "assignee", "user", "member", "mail"]),
    field("person_name", "Person", &["person", "personname", "holdername", "fullname", "employee", "employeename", "displayname"]),
    field("expires_on", "Expires on", &["expireson", "expires", "expirydate", "expirationdate", "expiry", "validuntil", "lastday"]),
    field("key", "License key", &["licensekey", "licencekey", "key", "productkey", "serial", "serialnumber", "activationkey"]),
    field("last_used_on", "Last used on", &["lastusedon", "lastused", "lastactive", "lastlogin", "lastsignin", "lastseen", "lastactivity"]),
];

/// The label of the field of this code.
pub fn label_of(fields: &[Field], code: &str) -> &'static str {
    fields.iter().find(|field| field.code == code).map_or("", |field| field.label)
}
