"""Addresses of macros and rules."""

from django.urls import path

from sori.automation.views import macros, rules

app_name = "automation"
urlpatterns = [
    path("", rules.rules, name="rules"),
    path("rules/new/", rules.new_rule, name="new_rule"),
    path("rules/lines/", rules.lines, name="rule_lines"),
    path("rules/try/", rules.attempt, name="try_rule"),
    path("rules/<int:rule>/", rules.rule, name="rule"),
    path("rules/<int:rule>/runs/", rules.runs, name="rule_runs"),
    path("rules/<int:rule>/switch/", rules.switch, name="switch_rule"),
    path("rules/<int:rule>/move/", rules.move, name="move_rule"),
    path("rules/<int:rule>/delete/", rules.delete, name="delete_rule"),
    path("macros/", macros.macros, name="macros"),
    path("macros/new/", macros.new_macro, name="new_macro"),
    path("macros/lines/", macros.lines, name="macro_lines"),
    path("macros/<int:macro>/", macros.macro, name="macro"),
    path("macros/<int:macro>/delete/", macros.delete, name="delete_macro"),
    path("macros/of-case/<int:case>/", macros.offer, name="offer_macros"),
    path("macros/of-case/<int:case>/run/", macros.run, name="run_macro"),
    path("macros/picked/", macros.picked, name="picked_macros"),
]
