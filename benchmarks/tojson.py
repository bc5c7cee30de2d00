"""One figure: a validated dict to Markup, beside the same payload through Jinja2's own tojson without validation.

Run it with `make bench`. Quote the ratio, not the times: both are measured in turn, in one process.
"""

from __future__ import annotations

import platform
import statistics
import timeit

import jinja2

from rr_snippet import Renderer, to_payload

CUSTOMER = {
    "customerId": "100042",
    "email": "anna.petrova@shop.ru",
    "phone": "+7 (911) 222-33-44",
    "customData": {
        "Имя": "Анна",
        "Город": "Санкт-Петербург",
        "Любимый бренд": "Красная Заря",
        "Статус карты": "Золотая",
        "Дата рождения": "12.04.1988",
    },
    "defaultStockId": "Москва",
    "softLinks": [{"name": "карта лояльности", "value": "7700123456"}, {"name": "telegram", "value": "anna_p"}],
    "mobilePushSubscription": {
        "fcmSubscription": {
            "creationTimestamp": "2025-03-31T11:03:02.3564674+03:00",
            "applicationId": "ru.shop.app",
            "fcmProjectId": "my-awesome-fcm-project",
            "token": "fcm-push-token-d7f8a9s7df98as7df98",
        }
    },
    "isAgreedToReceiveMarketingMail": True,
}

# The way it is done today: the same frame, the payload made ready beforehand, no validation.
FRAME = """<script type="text/javascript">
    (window["rrApiOnReady"] = window["rrApiOnReady"] || []).push(function() {
      try {
        rrApi.setCustomer({{ payload|tojson }});
      } catch (e) {}
  })
</script>"""

ROUNDS = 30
CALLS = 2_000


def main() -> None:
    renderer = Renderer()
    template = jinja2.Environment(autoescape=True).from_string(FRAME)
    payload = to_payload(CUSTOMER)
    ours, theirs = [], []
    for _ in range(ROUNDS):
        ours.append(timeit.timeit(lambda: renderer.render(CUSTOMER), number=CALLS) / CALLS)
        theirs.append(timeit.timeit(lambda: template.render(payload=payload), number=CALLS) / CALLS)
    ratio = statistics.median(mine / other for mine, other in zip(ours, theirs, strict=True))
    print(f"Python {platform.python_version()}, Jinja2 {jinja2.__version__}, {platform.machine()}")
    print(f"validated dict -> Markup        {statistics.median(ours) * 1e6:6.1f} us")
    print(f"{{{{ payload|tojson }}}}, unvalidated {statistics.median(theirs) * 1e6:6.1f} us")
    print(f"ratio (median of {ROUNDS} pairs)      {ratio:6.2f}")


if __name__ == "__main__":
    main()
