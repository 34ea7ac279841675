"""Which addresses a peer's URL may lead to, and in which spelling it may name them."""

from __future__ import annotations

import ipaddress
import socket
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ocpi211_server.egress.addresses import DENIED, Network, denial, is_loopback_host, literal
from ocpi211_server.egress.url_policy import Policy

PUBLIC = ["1.1.1.1", "8.8.8.8", "172.15.255.255", "172.32.0.0", "100.63.255.255", "100.128.0.0", "198.17.255.255"]
PUBLIC += ["198.20.0.0", "223.255.255.255", "2001:4860:4860::8888", "2606:4700::1111", "2001:200::1", "2003::1"]
PUBLIC += ["64:ff9b::8.8.8.8", "::ffff:8.8.8.8"]

NOT_PUBLIC = ["0.0.0.0", "0.1.2.3", "10.0.0.1", "100.64.0.1", "100.100.100.200", "127.0.0.1", "127.255.255.254"]  # noqa: S104 - nothing is bound
NOT_PUBLIC += ["168.63.129.16", "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.1", "192.0.0.170"]
NOT_PUBLIC += ["192.0.2.1", "192.88.99.1", "192.168.1.1", "198.18.0.1", "198.19.255.255", "198.51.100.1"]
NOT_PUBLIC += ["203.0.113.1", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255"]
NOT_PUBLIC += ["192.31.196.1", "192.52.193.1", "192.175.48.1", "2620:4f:8000::1"]
NOT_PUBLIC += ["::", "::1", "::127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::ffff:0:8.8.8.8"]
NOT_PUBLIC += ["64:ff9b::10.0.0.1", "64:ff9b::127.0.0.1", "64:ff9b:1::1", "100::1", "100:0:0:1::1", "2001::1"]
NOT_PUBLIC += ["2001:2::1", "2001:10::1", "2001:20::1", "2001:db8::1", "2002:a00:1::1", "2002:808:808::1"]
NOT_PUBLIC += ["3fff::1", "3fff:fff::1", "4000::1", "5f00::1", "fc00::1", "fd00:ec2::254", "fe80::1", "febf::1"]
NOT_PUBLIC += ["fec0::1", "ff02::1", "8000::1", "200::1", "fe00::1"]

ODD = ["2130706433", "0x7f000001", "0X7F.1", "0x7f.0.0.1", "017700000001", "0177.0.0.1", "127.1", "127.0.1", "0"]
ODD += ["127.0.0.01", "127.0.0.1.", "127.0.0.0x1", "1.2.3.4.5", "256.1.1.1", "127.0.0.256", "0x", "example.0x7f"]
ODD += ["example.1", "00000000000000000000127.0.0.1", "8.8.8.010", "134744072"]


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_is_let_through(address: str) -> None:
    assert denial(ip_address(address)) is None


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_an_address_of_a_special_purpose_is_denied(address: str) -> None:
    assert denial(ip_address(address))


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("127.0.0.1", "loopback"),
        ("::1", "loopback"),
        ("::ffff:10.0.0.1", "private"),
        ("fd00::1", "private"),
        ("2001::1", "a Teredo tunnel"),
        ("2002::1", "a 6to4 tunnel"),
        ("100::1", "discarded"),
        ("fec0::1", "site-local"),
        ("5f00::1", "of segment routing"),
        ("5e00::1", "not allocated"),
    ],
)
def test_the_reason_is_the_narrowest_there_is(address: str, reason: str) -> None:
    assert denial(ip_address(address)) == f"the address is {reason}"


@pytest.mark.parametrize("network", [network for network, _ in DENIED], ids=str)
def test_a_denied_network_is_denied_from_its_first_address_to_its_last(network: Network) -> None:
    middle = network[network.num_addresses // 2]
    # In ::/3 lie the mapped and translated addresses too, which are judged by what is in them.
    assert all(denial(address) for address in (network[0], middle, network[-1]))


@given(st.ip_addresses())
@example(ip_address("64:ff9b::1.1.1.1"))
def test_what_python_calls_private_or_multicast_is_denied(address: IPv4Address | IPv6Address) -> None:
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    if (mapped or address).is_private or (mapped or address).is_multicast or (mapped or address).is_reserved:
        # NAT64 is "reserved", because it lies in ::/8, but global.
        assert denial(address) or address in ip_network("64:ff9b::/96")


@given(st.ip_addresses(v=4), st.sampled_from(["::ffff:0:0", "64:ff9b::"]))
def test_an_embedded_address_is_judged_as_itself(address: ipaddress.IPv4Address, prefix: str) -> None:
    embedded = IPv6Address(int(IPv6Address(prefix)) | int(address))
    assert denial(embedded) == denial(address)


@pytest.mark.parametrize("address", ["10.1.2.3", "::ffff:10.1.2.3", "64:ff9b::10.1.2.3", "fd00::7"])
def test_an_allowed_network_is_exempt(address: str) -> None:
    allowed = [ip_network("10.1.0.0/16"), ip_network("fd00::/64")]
    assert denial(ip_address(address))
    assert denial(ip_address(address), allowed) is None


def test_the_neighbours_of_an_allowed_network_stay_denied() -> None:
    assert denial(ip_address("10.2.0.1"), [ip_network("10.1.0.0/16")])


@pytest.mark.parametrize("host", ODD)
def test_an_address_in_another_spelling_is_refused(host: str) -> None:
    with pytest.raises(ValueError, match="four decimal numbers"):
        literal(host)


@pytest.mark.parametrize("host", ["fe80::1%1", "[::1%lo]", "127.0.0.1%0", "\uff11.0.0.1", "127\u30020\u30020\u30021"])
def test_a_zone_or_a_foreign_digit_is_refused(host: str) -> None:
    with pytest.raises(ValueError, match="has no zone"):
        literal(host)


@pytest.mark.parametrize("host", ["::1::", "[::ffff:127.1]", "[1::2::3]", ":", "[12345::]"])
def test_what_has_a_colon_is_an_ipv6_address_or_nothing(host: str) -> None:
    with pytest.raises(ValueError, match=r"\S"):
        literal(host)


@pytest.mark.parametrize("host", ["example.com", "1.example", "0x7f.example", "10-0-0-1.example.com", "1e1", "a.0b1"])
def test_a_name_is_no_address(host: str) -> None:
    assert literal(host) is None


def part(value: int) -> st.SearchStrategy[str]:
    """One number of an IPv4 address as C reads it."""
    zeros = st.integers(0, 3).map("0".__mul__)
    octal = st.builds(lambda z: f"0{z}{value:o}", zeros)
    hexadecimal = st.builds(lambda x, z: f"{x}{z}{value:x}", st.sampled_from(["0x", "0X"]), zeros)
    return st.one_of(st.just(str(value)), octal, hexadecimal)


@st.composite
def spellings(draw: st.DrawFn) -> tuple[str, int]:
    """An IPv4 address as the system's resolver would read it, and its number."""
    number = draw(st.integers(0, 2**32 - 1))
    count = draw(st.integers(1, 4))
    shifts = [24, 16, 8][: count - 1]
    values = [number >> shift & 255 for shift in shifts]
    values.append(number & ((1 << (32 - 8 * (count - 1))) - 1))
    return ".".join(draw(part(value)) for value in values), number


@given(spellings())
def test_no_spelling_of_an_address_passes_for_a_name(drawn: tuple[str, int]) -> None:
    text, number = drawn
    assert socket.inet_aton(text) == number.to_bytes(4, "big")
    try:
        found = literal(text)
    except ValueError:
        return
    assert found == IPv4Address(number)


@given(st.text("0123456789abcdefxX.-", min_size=1, max_size=20))
@example("1.2.3.4")
@example("0x")
def test_what_the_system_reads_as_an_address_is_never_a_name(text: str) -> None:
    try:
        read = socket.inet_aton(text)
    except OSError:
        return
    try:
        found = literal(text)
    except ValueError:
        return
    assert found is not None
    assert found.packed == read


@given(st.ip_addresses())
def test_the_usual_spelling_is_read_as_what_it_says(address: IPv4Address | IPv6Address) -> None:
    assert literal(str(address)) == address
    if address.version == 6:
        assert literal(f"[{address.exploded.upper()}]") == address


@pytest.mark.parametrize(
    "host", ["localhost", "LOCALHOST", "localhost.", "a.localhost", "127.0.0.1", "127.9.9.9", "::1"]
)
def test_the_machine_itself_is_known(host: str) -> None:
    assert is_loopback_host(host)


@pytest.mark.parametrize("host", ["localhost.example", "mylocalhost", "128.0.0.1", "::2", "::ffff:127.0.0.1"])
def test_nothing_else_is_the_machine_itself(host: str) -> None:
    assert not is_loopback_host(host)


STRICT = Policy()
DEV = Policy(insecure_dev=True)
COMPOSE = Policy(allowed_networks=("172.16.0.0/12",))


@pytest.mark.parametrize("host", [*NOT_PUBLIC, "localhost", "api.localhost", "LocalHost."])
def test_a_url_of_a_host_that_is_not_public_is_refused(host: str) -> None:
    shown = f"[{host}]" if ":" in host else host
    with pytest.raises(ValueError, match="no public host"):
        STRICT.check(f"https://{shown}:8443/ocpi?x=1")


@pytest.mark.parametrize("host", [*ODD, "[fe80::1%25eth0]", "[::1%lo]"])
def test_a_url_of_an_oddly_written_host_is_refused(host: str) -> None:
    for policy in (STRICT, DEV, Policy(allowed_networks=("0.0.0.0/0", "::/0"))):
        with pytest.raises(ValueError, match=r"four decimal numbers|names a host"):
            policy.check(f"https://{host}/ocpi")


@pytest.mark.parametrize("host", [*PUBLIC, "api.example.com", "xn--bcher-kva.example", "api.example.com."])
def test_a_url_of_a_public_host_is_let_through(host: str) -> None:
    STRICT.check(f"https://[{host}]/ocpi" if ":" in host else f"https://{host}:8443/ocpi")


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://api.example.com/", "https://"),
        ("ftp://api.example.com/", "begins with"),
        ("file:///etc/passwd", "begins with"),
        ("gopher://127.0.0.1/", "begins with"),
        ("//api.example.com/", "begins with"),
        ("api.example.com", "begins with"),
        ("", "visible ASCII"),
        ("https://", "names a host"),
        ("https:///path", "names a host"),
        ("https://user:word@api.example.com/", "credentials"),
        ("https://api.example.com@127.0.0.1/", "credentials"),
        ("https://api.example.com:0/", "names a host"),
        ("https://api.example.com:99999/", "[Pp]ort"),
        ("https://api.example.com\\@127.0.0.1/", "visible ASCII"),
        ("https://api.example.com/ x", "visible ASCII"),
        ("https://api.example.com/\r\nX: y", "visible ASCII"),
        ("https://127%2e0.0.1/", "names a host"),
        ("https://①②⑦.0.0.1/", "visible ASCII"),
    ],
)
def test_a_url_that_is_none_is_refused_with_a_reason(url: str, reason: str) -> None:
    for policy in (STRICT, DEV):
        with pytest.raises(ValueError, match=reason):
            policy.check(url)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1.2.3", "[::1]", "localhost", "cpo.localhost"])
def test_development_lets_the_machine_itself_through(host: str) -> None:
    DEV.check(f"http://{host}:8000/ocpi")
    DEV.check(f"https://{host}:8000/ocpi")


@pytest.mark.parametrize("host", ["10.0.0.1", "0.1.2.3", "[::]", "[::ffff:127.0.0.1]", "169.254.169.254", "[fe80::1]"])
def test_development_lets_nothing_else_through(host: str) -> None:
    with pytest.raises(ValueError, match="no public host"):
        DEV.check(f"https://{host}/")
    with pytest.raises(ValueError, match="https://"):
        DEV.check(f"http://{host}/")


def test_an_allowed_network_is_called_by_https_alone() -> None:
    COMPOSE.check("https://172.18.0.2/ocpi")
    with pytest.raises(ValueError, match="https://"):
        COMPOSE.check("http://172.18.0.2/ocpi")
    with pytest.raises(ValueError, match="private"):
        COMPOSE.check("https://10.0.0.1/ocpi")


@pytest.mark.parametrize("network", ["10.0.0.1/8", "private", "10.0.0.0/33", ""])
def test_a_network_that_is_none_is_told_at_once(network: str) -> None:
    with pytest.raises(ValueError, match=r"network|host bits"):
        Policy(allowed_networks=(network,))


@given(st.text(max_size=60).map("https://".__add__) | st.text(max_size=60))
def test_any_text_is_a_url_or_a_value_error(text: str) -> None:
    try:
        STRICT.check(text)
    except ValueError:
        return
    assert text.startswith("https://") or text.lower().startswith("https:")
