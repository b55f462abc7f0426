/** What Kea 2.6.3 made of user contexts at each level of `extended-info-checks`: seen with `lease4-get-all` and `lease6-get-all`. */

/** A line each: the context as it is in the lease file, and as it is after `fix`, `strict` and `pedantic`; `=` is as before. */
export const agentInfoVectors = `
{} | none | = | =
{"a": 1} | = | = | =
{"ISC": 1} | none | = | =
{"ISC": {}} | none | = | =
{"ISC": {"x": 1}} | = | = | =
{"ISC": {"relay-agent-info": "0x0104AABBCCDD"}} | {"ISC": {"relay-agent-info": {"sub-options": "0x0104AABBCCDD"}}} | = | =
{"ISC": {"relay-agent-info": "0104AABBCCDD"}} | {"ISC": {"relay-agent-info": {"sub-options": "0104AABBCCDD"}}} | = | =
{"ISC": {"relay-agent-info": "zz"}} | none | = | =
{"ISC": {"relay-agent-info": ""}} | {"ISC": {"relay-agent-info": {"sub-options": ""}}} | = | =
{"ISC": {"relay-agent-info": 5}} | none | = | =
{"ISC": {"relay-agent-info": {}}} | = | = | =
{"ISC": {"relay-agent-info": {"sub-options": "0x0104AABBCCDD"}}} | = | = | =
{"ISC": {"relay-agent-info": {"sub-options": "0x0104aabbccdd"}}} | = | = | =
{"ISC": {"relay-agent-info": {"sub-options": "0x02030102030C03AABBCC"}}} | = | = | =
{"ISC": {"relay-agent-info": {"sub-options": "0x02030102030C03AABBCC", "remote-id": "010203", "relay-id": "AABBCC"}}} | = | = | =
{"ISC": {"relay-agent-info": {"sub-options": "0x02030102030C03AABBCC", "remote-id": "ffff", "relay-id": "ee"}}} | = | = | =
{"ISC": {"relay-agent-info": {"sub-options": "0x02030102030C03AABBCC", "remote-id": 1}}} | = | none | =
{"ISC": {"relay-agent-info": {"sub-options": "0x0203"}}} | = | = | =
{"ISC": {"relay-agent-info": {"sub-options": "xx"}}} | = | none | =
{"ISC": {"relay-agent-info": {"sub-options": 7}}} | = | none | =
{"ISC": {"relay-agent-info": {"sub-options": "0x0104AABBCCDD", "extra": 1}}} | = | = | none
{"ISC": {"relay-agent-info": {"sub-options": "0x0104AABBCCDD", "comment": "c"}}} | = | = | =
{"ISC": {"relay-agent-info": {"sub-options": "0x0104AABBCCDD"}, "other": 1}} | = | = | =
{"ISC": {"relay-agent-info": {"sub-options": "0x0104AABBCCDD"}, "comment": "d"}, "z": 1} | = | = | =
{"ISC": {"relay-agent-info": "0x02030102030C03AABBCC"}} | {"ISC": {"relay-agent-info": {"relay-id": "AABBCC", "remote-id": "010203", "sub-options": "0x02030102030C03AABBCC"}}} | = | =
{"comment": "x"} | = | = | =
{"ISC": "abc", "q": 2} | {"q": 2} | = | =
{"ISC": {"relay-agent-info": []}} | none | = | =
{"ISC": {"relay-agent-info": null}} | none | = | =
{"ISC": {"relay-agent-info": {"sub-options": ""}}} | = | = | =
{"ISC": {"relay-agent-info": {"remote-id": "0102"}}} | = | = | =
{"ISC": {"relay-agent-info": {"sub-options": "0x"}}} | = | none | =
{"ISC": {"relay-agent-info": {"sub-options": "01 04 AA"}}} | = | = | =
{"ISC": {"relay-agent-info": {"sub-options": "0104AABBCCDD"}}} | = | = | =
{"ISC": {"relay-agent-info": {"sub-options": "0x0C00"}}} | = | = | =
{"ISC": {"relay-agent-info": {"sub-options": "0x0200"}}} | = | = | =
{"ISC": {"relay-agent-info": "zz", "k": 1}, "q": 1} | {"ISC": {"k": 1}, "q": 1} | = | =
{"ISC": {"relay-agent-info": {"sub-options": 1}, "k": 1}, "q": 1} | = | {"ISC": {"k": 1}, "q": 1} | =
{"ISC": {"relay-agent-info": {"sub-options": "0x0104AABBCCDD", "remote-id": "zz"}}} | = | none | =
{"ISC": {"relay-agent-info": {"sub-options": "0x0104AABBCCDD", "relay-id": 5}}} | = | none | =
{"ISC": {"relay-agent-info": {"sub-options": "0x0104AABBCCDD", "relay-id": ""}}} | = | none | =
{"ISC": {"relay-agent-info": {"sub-options": "0x123"}}} | = | = | =
{"ISC": {"relay-agent-info": {"sub-options": "02:03"}}} | = | = | =
{"ISC": {"relay-agent-info": "0x123"}} | {"ISC": {"relay-agent-info": {"sub-options": "0x123"}}} | = | =
{"ISC": {"relay-agent-info": "0x0203"}} | {"ISC": {"relay-agent-info": {"sub-options": "0x0203"}}} | = | =
{"ISC": {"relay-agent-info": "0x0200"}} | {"ISC": {"relay-agent-info": {"sub-options": "0x0200"}}} | = | =
{"ISC": {"relay-agent-info": "0x020101020103"}} | {"ISC": {"relay-agent-info": {"remote-id": "01", "sub-options": "0x020101020103"}}} | = | =
{"ISC": {"relay-agent-info": "02 01 AA"}} | {"ISC": {"relay-agent-info": {"remote-id": "AA", "sub-options": "02 01 AA"}}} | = | =
{"ISC": {"relay-agent-info": {"sub-options": "0x0104AABBCCDD", "comment": 5}}} | = | = | =
{"ISC": {"relay-agent-info": "0x020101ff00"}} | {"ISC": {"relay-agent-info": {"remote-id": "01", "sub-options": "0x020101ff00"}}} | = | =
{"ISC": {"relay-agent-info": {"extra": 1}}} | = | = | none
{"ISC": {"relay-agent-info": {"comment": "x"}}} | = | = | =
{"ISC": []} | none | = | =
{"ISC": null, "b": [1, {"c": true}]} | {"b": [1, {"c": true}]} | = | =
`;

export const relayInfoVectors = `
{} | none | = | =
{"a": 1} | = | = | =
{"ISC": 1} | none | = | =
{"ISC": {}} | none | = | =
{"ISC": {"relay-info": 1}} | none | = | =
{"ISC": {"relay-info": []}} | none | = | =
{"ISC": {"relays": []}} | none | = | =
{"ISC": {"relays": [{"hop": 0, "link": "2001:db8::1", "peer": "2001:db8::2"}]}} | {"ISC": {"relay-info": [{"hop": 0, "link": "2001:db8::1", "peer": "2001:db8::2"}]}} | = | =
{"ISC": {"relays": [{"hop": 33, "link": "2001:db8::1", "peer": "2001:db8::2", "options": "0x00C800080102030405060708"}]}} | {"ISC": {"relay-info": [{"hop": 33, "link": "2001:db8::1", "options": "0x00C800080102030405060708", "peer": "2001:db8::2"}]}} | = | =
{"ISC": {"relay-info": [{"hop": 0, "link": "2001:db8::1", "peer": "2001:db8::2"}]}} | = | = | =
{"ISC": {"relay-info": [{"hop": 33, "link": "2001:db8::1", "peer": "2001:db8::2", "options": "0x00C800080102030405060708"}]}} | = | = | =
{"ISC": {"relay-info": [{"hop": 33, "link": "2001:db8::1", "peer": "2001:db8::2", "options": "0x00120008616263646566676800250005000001AABB"}]}} | = | = | =
{"ISC": {"relay-info": [{"hop": 33, "link": "2001:db8::1", "peer": "2001:db8::2", "options": "0x00250005000001AABB", "remote-id": "000001AABB"}]}} | = | = | =
{"ISC": {"relay-info": [{"hop": 33, "link": "2001:db8::1", "peer": "2001:db8::2", "options": "0x00350004000100AA", "relay-id": "000100AA"}]}} | = | = | =
{"ISC": {"relay-info": [{"hop": 33, "link": "2001:db8::1", "peer": "2001:db8::2", "options": "0x00350004000100AA", "relay-id": "ff"}]}} | = | = | =
{"ISC": {"relay-info": [{"hop": 300, "link": "2001:db8::1", "peer": "2001:db8::2"}]}} | = | = | =
{"ISC": {"relay-info": [{"link": "2001:db8::1", "peer": "2001:db8::2"}]}} | = | = | none
{"ISC": {"relay-info": [{"hop": 1, "link": "xx", "peer": "2001:db8::2"}]}} | = | none | =
{"ISC": {"relay-info": [{"hop": 1, "peer": "2001:db8::2"}]}} | = | none | =
{"ISC": {"relay-info": [{"hop": 1, "link": "2001:db8::1"}]}} | = | = | none
{"ISC": {"relay-info": [{"hop": 1, "link": "2001:db8::1", "peer": "1.2.3.4"}]}} | = | = | none
{"ISC": {"relay-info": [{"hop": 1, "link": "2001:db8::1", "peer": "2001:db8::2", "options": "zz"}]}} | none | = | =
{"ISC": {"relay-info": [{"hop": 1, "link": "2001:db8::1", "peer": "2001:db8::2", "options": ""}]}} | = | = | =
{"ISC": {"relay-info": [{"hop": 1, "link": "2001:db8::1", "peer": "2001:db8::2", "options": 5}]}} | none | = | =
{"ISC": {"relay-info": [{"hop": 1, "link": "2001:db8::1", "peer": "2001:db8::2", "extra": 5}]}} | = | = | none
{"ISC": {"relay-info": [{"hop": 1, "link": "2001:db8::1", "peer": "2001:db8::2", "comment": "c"}]}} | = | = | =
{"ISC": {"relay-info": [{"hop": 1, "link": "2001:db8::1", "peer": "2001:db8::2"}], "more": 1}} | = | = | =
{"ISC": {"relay-info": [{"hop": 1, "link": "2001:db8::1", "peer": "2001:db8::2"}], "comment": "1"}, "w": 2} | = | = | =
{"ISC": {"relay-info": [1]}} | none | = | =
{"ISC": {"relay-info": {"hop": 1}}} | none | = | =
{"ISC": {"relays": [{"hop": 0, "link": "xx", "peer": "2001:db8::2"}]}} | {"ISC": {"relay-info": [{"hop": 0, "link": "xx", "peer": "2001:db8::2"}]}} | none | =
{"ISC": {"relays": [{"hop": 0, "link": "2001:db8::1", "peer": "2001:db8::2", "options": "0x00250005000001AABB00350004000100AA"}, {"hop": 1, "link": "::", "peer": "fe80::1"}], "k": 1}} | {"ISC": {"k": 1, "relay-info": [{"hop": 0, "link": "2001:db8::1", "options": "0x00250005000001AABB00350004000100AA", "peer": "2001:db8::2", "relay-id": "000100AA", "remote-id": "000001AABB"}, {"hop": 1, "link": "::", "peer": "fe80::1"}]}} | = | =
{"ISC": {"relays": 5}} | none | = | =
{"ISC": {"relays": [{"hop": 0, "link": "2001:db8::1", "peer": "2001:db8::2", "extra": 1, "options": "zz"}]}} | none | = | =
{"ISC": {"relays": [{"hop": 0, "link": "2001:db8::1", "peer": "2001:db8::2", "extra": 1}]}} | {"ISC": {"relay-info": [{"extra": 1, "hop": 0, "link": "2001:db8::1", "peer": "2001:db8::2"}]}} | = | none
{"ISC": {"relays": [{"hop": 0, "link": "2001:db8::1", "peer": "2001:db8::2", "options": "0x0025"}]}} | {"ISC": {"relay-info": [{"hop": 0, "link": "2001:db8::1", "options": "0x0025", "peer": "2001:db8::2"}]}} | = | =
{"ISC": {"relays": [{"hop": 0, "link": "2001:db8::1", "peer": "2001:db8::2", "options": 7}]}} | none | = | =
{"ISC": {"relays": [{"link": "2001:db8::1", "peer": "2001:db8::2"}]}} | {"ISC": {"relay-info": [{"link": "2001:db8::1", "peer": "2001:db8::2"}]}} | = | none
{"ISC": {"relays": [{"hop": 0}]}} | {"ISC": {"relay-info": [{"hop": 0}]}} | none | =
{"ISC": {"relays": [5]}} | none | = | =
{"ISC": {"relays": [{"hop": 0, "link": "2001:db8::1", "peer": "2001:db8::2"}, {"hop": 1, "link": "xx", "peer": "2001:db8::2"}], "k": 1}, "q": 1} | {"ISC": {"k": 1, "relay-info": [{"hop": 0, "link": "2001:db8::1", "peer": "2001:db8::2"}, {"hop": 1, "link": "xx", "peer": "2001:db8::2"}]}, "q": 1} | {"ISC": {"k": 1}, "q": 1} | =
{"ISC": {"relay-info": [{"hop": 0, "link": "2001:db8::1", "peer": "2001:db8::2"}, {"hop": 1, "link": "xx", "peer": "2001:db8::2"}], "k": 1}, "q": 1} | = | {"ISC": {"k": 1}, "q": 1} | =
{"ISC": {"relay-info": [{"hop": "a", "link": "2001:db8::1", "peer": "2001:db8::2"}]}} | = | = | none
{"ISC": {"relay-info": [{"hop": -1, "link": "2001:db8::1", "peer": "2001:db8::2"}]}} | = | = | =
{"ISC": {"relay-info": [{"hop": 255, "link": "2001:db8::1", "peer": "2001:db8::2"}]}} | = | = | =
{"ISC": {"relay-info": [{"hop": 1, "link": "2001:db8::1", "peer": "2001:db8::2", "remote-id": "zz"}]}} | = | none | =
{"ISC": {"relay-info": [{"hop": 1, "link": "2001:db8::1", "peer": "2001:db8::2", "remote-id": ""}]}} | = | none | =
{"ISC": {"relay-info": [{"hop": 1, "link": "2001:db8::1", "peer": "2001:db8::2", "relay-id": 5}]}} | = | none | =
{"ISC": {"relay-info": [{"hop": 1, "link": "2001:db8::1", "peer": "2001:db8::2", "options": "0x"}]}} | none | = | =
{"ISC": {"relay-info": [{"hop": 1, "link": "2001:db8::1", "peer": "2001:db8::2", "options": "01:02"}]}} | = | = | =
{"ISC": {"relay-info": [{"hop": 1, "link": 5, "peer": "2001:db8::2"}]}} | = | none | =
{"ISC": {"relay-info": [{"hop": 1, "link": "2001:db8::1", "peer": ""}]}} | = | = | none
{"ISC": {"relay-info": "x"}} | none | = | =
{"ISC": {"relay-info": null}} | none | = | =
{"ISC": []} | none | = | =
{"ISC": {"k": 1}} | = | = | =
{"ISC": {"relay-info": [], "k": 1}} | {"ISC": {"k": 1}} | = | =
{"ISC": {"relays": [], "k": 1}} | {"ISC": {"k": 1}} | = | =
{"ISC": {"relay-info": [{}]}} | = | none | =
{"ISC": {"relays": [{"hop": 0, "link": "2001:db8::1", "peer": "2001:db8::2"}], "relay-info": [{"hop": 1, "link": "2001:db8::9", "peer": "2001:db8::8"}]}} | {"ISC": {"relay-info": [{"hop": 1, "link": "2001:db8::9", "peer": "2001:db8::8"}]}} | = | =
`;
