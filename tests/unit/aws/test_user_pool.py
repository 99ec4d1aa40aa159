"""Users of the sign-in, made and taken away in a real pool (moto's)."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import boto3
import pytest
from moto import mock_aws

from chalicelib.aws import clients, refusals, user_pool
from chalicelib.aws.errors import AwsError
from chalicelib.aws.settings import settings
from chalicelib.domain.roles import ROLES

WHO = "jo@example.org"
# Who may sign in, and with which roles.
Users = Callable[[], dict[str, set[str]]]


@pytest.fixture
def pool(monkeypatch: pytest.MonkeyPatch) -> Iterator[Users]:
    with mock_aws():
        clients.client.cache_clear()
        cognito = boto3.client("cognito-idp", region_name="us-west-2")
        made = cognito.create_user_pool(PoolName="staff", UsernameAttributes=["email"])["UserPool"][
            "Id"
        ]
        for role in ROLES:
            cognito.create_group(UserPoolId=made, GroupName=role)
        monkeypatch.setenv("USER_POOL_ID", made)
        settings.cache_clear()
        yield lambda: {
            user["Attributes"][[a["Name"] for a in user["Attributes"]].index("email")]["Value"]: {
                group["GroupName"]
                for group in cognito.admin_list_groups_for_user(
                    UserPoolId=made, Username=user["Username"]
                )["Groups"]
            }
            for user in cognito.list_users(UserPoolId=made)["Users"]
        }
    clients.client.cache_clear()
    settings.cache_clear()


def test_a_user_is_made_once_and_follows_the_role(pool: Users) -> None:
    assert user_pool.let_in(WHO, "specialist", ROLES)
    assert pool() == {WHO: {"specialist"}}
    assert not user_pool.let_in(WHO, "supervisor", ROLES)
    assert pool() == {WHO: {"supervisor"}}


def test_a_user_who_is_gone_stays_gone(pool: Users) -> None:
    user_pool.let_in(WHO, "admin", ROLES)
    user_pool.let_out(WHO)
    user_pool.let_out(WHO)
    assert pool() == {}


def test_a_pool_that_is_missing_is_noted_as_a_broken_house(
    pool: Users, monkeypatch: pytest.MonkeyPatch
) -> None:
    noted: list[AwsError] = []
    monkeypatch.setattr(refusals, "note", noted.append)
    monkeypatch.setenv("USER_POOL_ID", "us-west-2_missing")
    settings.cache_clear()
    with pytest.raises(AwsError):
        user_pool.let_in(WHO, "admin", ROLES)
    assert [one.operation for one in noted] == ["AdminCreateUser"]
