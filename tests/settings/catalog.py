"""A small catalog, built by hand: the tests of the settings stand on it and not on the shipped templates."""

from __future__ import annotations

from crm_builder.settings import Catalog, CurrencyInfo, Field, LanguageInfo

CATALOG = Catalog(
    languages={
        "en": LanguageInfo("en", "English", "ltr", "gregorian", "USD", "Europe/Berlin"),
        "fa": LanguageInfo("fa", "فارسی", "rtl", "jalali", "IRT", "Asia/Tehran", "persian"),
    },
    presets=("general", "freelancer", "courses"),
    tables={"customers": ("id", "name", "email", "status"), "leads": ("id", "name", "source")},
    lists={"lead_source": ("website", "social", "exhibition"), "deal_stage": ("new", "won", "lost")},
    parts={"campaigns": True, "mailing": False},
    thresholds={
        "vip_value": (5000, 0, 1_000_000),
        "vip_share": (0.2, 0, 1),
        "loyal_orders": (3, 1, 100),
        "at_risk_days": (60, 1, 3650),
        "inactive_days": (180, 1, 3650),
    },
    money=("vip_value",),
    preset_lists={"courses": {"lead_source": ("webinar", "referral")}},
    preset_fields={
        "freelancer": {
            "en": (
                Field("customers", "level", "Level", "choice", ("First", "Second"), "Where they stand", True),
                Field("leads", "wish", "Wish", "text"),
            ),
            "fa": (
                Field("customers", "level", "سطح", "choice", ("اول", "دوم"), "", True),
                Field("leads", "wish", "خواسته", "text"),
            ),
        }
    },
    preset_thresholds={"freelancer": {"loyal_orders": 5, "vip_value": 900}},
    preset_colours={"courses": {"lead_source.webinar": "green"}},
    preset_words={"courses": {"en": {"lists.lead_source.webinar": "Webinar"}}},
    required_choices={"deal_stage": ("won", "lost")},
    ascending=(("at_risk_days", "inactive_days"),),
    field_types=("text", "number", "date", "url", "choice"),
    calendars=("gregorian", "jalali"),
    currencies={code: CurrencyInfo(code, code) for code in ("USD", "EUR")}
    | {"IRT": CurrencyInfo("IRT", "تومان", unit=50_000)},
    colours={"blue": "#2f6fed", "green": "#188038", "red": "#c5221f"},
    choice_colours={"deal_stage.new": "blue", "deal_stage.won": "green", "deal_stage.lost": "#C5221F"},
    words={
        "en": {
            "presets.courses": "courses and workshops",
            "lists.deal_stage": "How far a deal has come",
            "lists.deal_stage.new": "New",
            "lists.deal_stage.won": 'Won, "signed"',
            "thresholds.vip_value": "Purchases that make a customer a VIP",
        },
        "fa": {"lists.deal_stage.new": "جدید", "parts.campaigns": "کمپین‌ها"},
    },
)
