"""What a ticket can be about: the latent variable from which its labels follow."""

from __future__ import annotations

from dataclasses import dataclass

PRIORITIES = ("low", "normal", "high", "urgent")


@dataclass(frozen=True)
class Issue:
    """One kind of trouble.

    line: whose products are meant (`shop`, `network`, `bank`). human: whether an automatic reply
    would be wrong whatever else is said. wishes: what such a customer may ask for.
    """

    name: str
    category: str
    priority: str
    team: str
    line: str
    wishes: tuple[str, ...]
    human: bool
    summary: str


def _issue(row: str) -> Issue:
    name, category, priority, team, line, wishes, human, summary = (
        part.strip() for part in row.split("|")
    )
    return Issue(
        name, category, priority, team, line, tuple(wishes.split()), human == "human", summary
    )


ISSUES = {
    issue.name: issue
    for issue in map(
        _issue,
        """\
double_charge|billing|normal|billing|network|refund explain||The same item was charged twice
wrong_fee|billing|normal|billing|network|explain refund||An invoice shows a wrong fee or price
bank_fee|billing|normal|banking|bank|explain refund||An account fee is not understood
refund_late|payment|normal|billing|shop|refund||A refund has not arrived
transfer_missing|payment|normal|banking|bank|locate||A transfer has not arrived
payment_failed|payment|normal|billing|shop|advice fix||A payment is refused
cash_not_dispensed|payment|high|banking|bank|refund||A cash machine booked money but gave none
cancel_debit|payment|normal|banking|bank|refund cancel||An unwanted direct debit goes on
late_parcel|delivery|normal|logistics|shop|locate||An order is late
lost_parcel|delivery|normal|logistics|shop|locate replace||A parcel is marked delivered but is not there
missing_item|delivery|normal|logistics|shop|replace locate||A delivery is incomplete
change_address|delivery|normal|logistics|shop|change||The address or date of a delivery has to change
damaged|return_or_defect|normal|logistics|shop|replace refund||Goods arrived damaged
broke|return_or_defect|normal|logistics|shop|fix replace refund||A product no longer works
wrong_item|return_or_defect|normal|logistics|shop|replace return||The wrong item was sent
send_back|return_or_defect|normal|logistics|shop|return||The customer wants to return goods
danger|return_or_defect|urgent|logistics|shop|advice replace|human|A product is dangerous
internet_down|technical_fault|high|technical|network|fix||The internet connection is down
slow_line|technical_fault|normal|technical|network|fix||The connection is slow or unstable
app_crash|technical_fault|normal|technical|bank|fix||The app crashes
no_mobile|technical_fault|high|technical|network|fix||Mobile service is down
website_error|technical_fault|normal|technical|shop|fix||The website does not work
forgot_password|account_access|normal|first_line|shop|unblock||The customer can't sign in with the password
code_missing|account_access|normal|first_line|bank|unblock||A sign-in code does not arrive
locked|account_access|high|first_line|bank|unblock||The customer's account is locked
identity|account_access|normal|first_line|bank|advice||An identity check fails
cancel_contract|contract|normal|contracts|network|cancel|human|The customer cancels a contract
change_plan|contract|normal|contracts|network|change||The customer wants another plan
move_house|contract|normal|contracts|network|change||The customer moves house with a contract
deceased|contract|normal|contracts|network|advice|human|A customer has died
unknown_transaction|fraud_or_security|urgent|fraud|bank|block refund|human|A transaction was not made by the customer
stolen_card|fraud_or_security|urgent|fraud|bank|block|human|A card or phone was lost or stolen
phishing|fraud_or_security|normal|fraud|bank|check|human|A suspicious message in the company's name
taken_over|fraud_or_security|urgent|fraud|shop|block|human|Someone else uses the customer's account
data_access|privacy|normal|privacy|shop|||The customer asks for stored personal data
data_deletion|privacy|normal|privacy|shop|||Personal data shall be deleted or corrected
data_leak|privacy|high|privacy|bank|explain|human|Personal data reached a stranger
product_question|question|low|first_line|shop|||A question about a product
opening_hours|question|low|first_line|shop|||A question about opening hours or contact
interest_question|question|low|banking|bank|||A question about conditions of an account
tariff_question|question|low|first_line|network|||A question about a plan
praise|feedback|low|first_line|shop|||The customer is pleased
idea|feedback|low|first_line|shop|||The customer has an idea
complaint|feedback|low|first_line|shop|||The customer complains about the service
advertising|other|low|first_line|shop|||Advertising
""".splitlines(),
    )
}

WISHES = {
    "refund": "wants the money back",
    "explain": "wants an explanation",
    "locate": "asks where it is",
    "replace": "wants a replacement",
    "fix": "wants it to work again",
    "cancel": "wants it ended",
    "unblock": "wants access again",
    "block": "wants it blocked at once",
    "change": "wants it changed",
    "return": "wants to send it back",
    "advice": "asks what to do",
    "check": "asks whether it is genuine",
}

LANGUAGE_NAMES = {
    "en": "English", "de": "German", "fr": "French", "es": "Spanish", "it": "Italian",
    "pt": "Portuguese", "nl": "Dutch", "pl": "Polish", "tr": "Turkish", "ru": "Russian",
    "uk": "Ukrainian", "cs": "Czech", "sv": "Swedish", "ar": "Arabic", "ja": "Japanese",
    "zh": "Chinese", "ko": "Korean", "other": "another language",
}  # fmt: skip
