"""wechatpy against the practice platform: what it does by itself, and raw calls for what it does not know."""

import json

from practice import Sink, administer, redirect
from wechatpy import WeChatClient, parse_message
from wechatpy.component import WeChatComponent
from wechatpy.crypto import WeChatCrypto
from wechatpy.exceptions import APILimitedException, WeChatClientException
from wechatpy.utils import check_signature

SHOP = "wxfacade0000000001"
PLATFORM = "wxfacade00000000c1"
USAGE = "https://api.weixin.qq.com/wxa/charge/usage/get"
AVERAGE = "https://api.weixin.qq.com/wxa/charge/usage/get_recent_average"
NUMBER = "https://api.weixin.qq.com/wxa/business/getuserphonenumber"
ROWS = {"spuId": "10000077", "offset": 0, "limit": 20}
TOKEN, KEY = "Practice1", "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"


def refused_with(errcode, ask):
    try:
        answer = ask()
    except WeChatClientException as refusal:
        assert refusal.errcode == errcode, f"{refusal.errcode} instead of {errcode}"
        return refusal
    raise AssertionError(f"{answer} instead of {errcode}")


def new_code():
    visit = {"app_id": SHOP, "count": 1, "action": "authorise", "exchange": False}
    return administer("POST", "customers", visit)["codes"][0]


def shop_client(auto_retry=True):
    secret = administer("POST", "secrets", {"app_id": SHOP})["secret"]
    client = WeChatClient(SHOP, secret, auto_retry=auto_retry)
    redirect(client._http)
    return client


def token_and_usage():
    client = shop_client()
    usage = client.get(USAGE, params=dict(ROWS, access_token=client.access_token))
    trial = usage["detailList"][0]
    assert trial["pkgId"] == "" and trial["endTime"] == 4294967295, trial
    assert isinstance(usage["all"], str) and isinstance(usage["total"], int), usage
    assert isinstance(client.get(AVERAGE, params=dict(ROWS))["averageData"], int)
    return client


def code_for_number(client):
    code = new_code()
    answer = client.post(NUMBER, data={"code": code})
    assert answer["phone_info"]["watermark"]["appid"] == SHOP, answer
    refused_with(40029, lambda: client.post(NUMBER, data={"code": code}))


def a_stale_token_is_renewed_by_the_library(client):
    before = client.access_token
    other = WeChatClient(SHOP, client.secret)
    redirect(other._http)
    other.fetch_access_token()
    administer("POST", "clock", {"advance_seconds": 301})
    assert client.get(USAGE, params=dict(ROWS))["errcode"] == 0
    assert client.access_token != before, "the library fetched a new one after 40001"


def limits_and_secrets():
    wrong = WeChatClient(SHOP, "0" * 32)
    redirect(wrong._http)
    refused_with(40001, wrong.fetch_access_token)
    client = shop_client()
    path = "/wxa/charge/usage/get_recent_average"
    administer("PUT", "limits", {"path": path, "limits": {"day": 0, "minute": 100}})
    refusal = refused_with(45009, lambda: client.get(AVERAGE, params=dict(ROWS)))
    assert isinstance(refusal, APILimitedException), "the library's own word for a day's limit"
    administer("PUT", "limits", {"path": path, "limits": {"day": 1000, "minute": 0}})
    refused_with(45011, lambda: client.get(AVERAGE, params=dict(ROWS)))
    administer("PUT", "limits", {"path": path, "limits": {"day": 1000, "minute": 100}})


def events():
    def signed(query):
        check_signature(TOKEN, query["signature"], query["timestamp"], query["nonce"])

    sink = Sink(signed)
    crypto = WeChatCrypto(TOKEN, KEY, SHOP)
    used = int(shop_client().get(USAGE, params=dict(ROWS))["effectiveUse"])
    for event_format, share in (("xml", 800), ("json", 900)):
        address = {
            "app_id": SHOP,
            "url": sink.url,
            "token": TOKEN,
            "encoding_aes_key": KEY,
            "mode": "secure",
            "format": event_format,
        }
        administer("PUT", "push", address)
        visits = {"app_id": SHOP, "count": share - used, "action": "authorise"}
        administer("POST", "customers", visits)
        used = share
        query, body = sink.next()
        sealed = json.loads(body) if event_format == "json" else body
        seal = (query["msg_signature"], query["timestamp"], query["nonce"])
        message = crypto.decrypt_message(sealed, *seal)
        if event_format == "xml":
            # An event the library has no class for; what it read is in the raw fields.
            event = parse_message(message)._data
            assert (event["MsgType"], event["appid"]) == ("event", SHOP), event
            assert event["total_used_quota"] == str(share), event
        else:
            assert json.loads(message)["total_used_quota"] == share, message


def third_party_platform():
    secret = administer("POST", "secrets", {"app_id": PLATFORM})["secret"]
    ticket = administer("POST", "tickets", {"app_id": PLATFORM})["component_verify_ticket"]
    grant = {"agent": PLATFORM, "app_id": SHOP, "permission_sets": [18]}
    refresh_token = administer("POST", "authorisations", grant)["authorizer_refresh_token"]
    component = WeChatComponent(PLATFORM, secret, TOKEN, KEY)
    redirect(component._http)
    component.session.set("component_verify_ticket", ticket)
    component.session.set(f"{SHOP}_refresh_token", refresh_token)
    answer = component.refresh_authorizer_token(SHOP, refresh_token)
    client = WeChatClient(SHOP, "", access_token=answer["authorizer_access_token"])
    redirect(client._http)
    assert client.get(USAGE, params=dict(ROWS))["errcode"] == 0


def main():
    client = token_and_usage()
    code_for_number(client)
    a_stale_token_is_renewed_by_the_library(client)
    limits_and_secrets()
    events()
    third_party_platform()
    print("wechatpy: tokens, usage, code for number, stale token, limits, events, third-party platform: as expected")


if __name__ == "__main__":
    main()
