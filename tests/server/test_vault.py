"""Tokens at rest."""

import pytest

from ocpi211_server.registration.vault import Vault, VaultError, digest, new_token


def test_a_token_is_64_characters_at_home_in_a_header_and_each_is_another() -> None:
    made = {new_token() for _ in range(100)}
    assert len(made) == 100
    assert all(len(token) == 64 and token.isascii() and token.isprintable() and " " not in token for token in made)


def test_of_a_token_that_is_issued_a_hash_is_kept() -> None:
    token = new_token()
    assert len(digest(token)) == 32
    assert digest(token) == digest(token) != digest(new_token())


@pytest.mark.parametrize("key", [Vault.new_key(), "a passphrase of an operator"], ids=["made", "passphrase"])
def test_what_was_sealed_is_opened_with_the_same_key(key: str) -> None:
    sealed = Vault(key).seal("!token~")
    assert b"token" not in sealed
    assert Vault(key).open(sealed) == "!token~"


def test_another_key_does_not_open_it_and_the_error_says_what_to_look_at() -> None:
    sealed = Vault(Vault.new_key()).seal("token")
    with pytest.raises(VaultError, match="secret_key"):
        Vault(Vault.new_key()).open(sealed)


def test_a_former_key_still_opens_what_it_sealed() -> None:
    former, key = Vault.new_key(), Vault.new_key()
    both = Vault(key, former)
    assert both.open(Vault(former).seal("token")) == "token"
    assert Vault(key).open(both.seal("token")) == "token"


def test_a_short_passphrase_is_refused() -> None:
    with pytest.raises(ValueError, match="12 characters"):
        Vault("secret")


def test_a_vault_does_not_show_its_key() -> None:
    assert repr(Vault("a passphrase of an operator")) == "<Vault>"
