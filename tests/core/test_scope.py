from datetime import date

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import ProgrammingError

from registry.core import scope
from registry.core.db import db
from registry.core.uow import unit_of_work
from registry.tenants.agreements.models import Agreement
from registry.tenants.models import City


def two_cities(app) -> tuple[int, int]:
    with app.app_context(), unit_of_work() as session:
        bontang = City(code="64.74", slug="bontang", name="Kota Bontang", province="Kalimantan Timur")
        tegal = City(code="33.76", slug="tegal", name="Kota Tegal", province="Jawa Tengah")
        session.add_all([bontang, tegal])
        session.flush()
        scope.enter_programme()
        for city in (bontang, tegal):
            session.add(Agreement(tenant_id=city.id, kind="pks", starts_on=date(2026, 1, 1)))
        return bontang.id, tegal.id


def test_without_a_scope_a_tenant_table_may_not_be_asked(context, app):
    two_cities(app)
    with pytest.raises(scope.UnscopedQueryError, match="agreements"):
        db.session.scalars(select(Agreement)).all()
    with pytest.raises(scope.UnscopedQueryError):
        db.session.scalar(select(func.count()).select_from(Agreement))


def test_without_a_scope_plain_sql_sees_no_rows(context, app):
    two_cities(app)
    assert db.session.execute(text("select count(*) from agreements")).scalar() == 0


def test_a_city_sees_its_own_rows_only(context, app):
    bontang, _tegal = two_cities(app)
    scope.enter_city(bontang)
    assert [row.tenant_id for row in db.session.scalars(select(Agreement))] == [bontang]
    assert db.session.scalar(select(func.count()).select_from(Agreement)) == 1
    assert db.session.execute(text("select count(*) from agreements")).scalar() == 1


def test_a_city_cannot_write_another_citys_row(context, app):
    bontang, tegal = two_cities(app)
    scope.enter_city(bontang)
    with pytest.raises(ProgrammingError, match="row-level security"), unit_of_work() as session:
        session.add(Agreement(tenant_id=tegal, kind="pks"))


def test_a_session_never_changes_its_city(context, app):
    bontang, tegal = two_cities(app)
    scope.enter_city(bontang)
    with pytest.raises(scope.ScopeChangeError):
        scope.enter_city(tegal)


def test_nothing_of_a_scope_is_left_in_the_pool(app, clean):
    bontang, _tegal = two_cities(app)
    with app.app_context():
        scope.enter_city(bontang)
        db.session.execute(text("select set_config('app.tenant', '1', false)"))
        db.session.commit()
    with app.app_context():
        assert db.session.execute(text("select coalesce(current_setting('app.tenant', true), '')")).scalar() == ""
