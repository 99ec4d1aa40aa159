"""Each security requirement of the project and the tests that show it; ``ELSEWHERE`` says why one has
none yet. ``test_matrix.py`` holds the list against the tests that there are."""

from __future__ import annotations

from typing import Final

LINKS, PAGES = "tests/web/test_task_pages_links.py", "tests/web/test_task_pages.py"
STATUS, LOGIN = "tests/web/test_status_pages.py", "tests/web/test_console_login.py"
CONSOLE, CODES = "tests/web/test_console_pages.py", "tests/web/test_task_pages_codes.py"
TEMPLATE, POLICIES = "tests/infra/test_template.py", "tests/infra/test_policies.py"
ROUTES, PAYLOADS = "tests/security/test_every_route.py", "tests/security/test_payloads.py"
HEADERS = "tests/web/test_status_pages.py"
WHOLE = "tests/web/test_task_pages_whole_way.py"

ROWS: Final[dict[str, list[str]]] = {
    "S1": [
        f"{LINKS}::test_a_link_carries_128_bits_that_stand_nowhere_in_the_table_s1",
        f"{LINKS}::test_every_unknown_link_gets_the_same_page_s1_f19",
    ],
    "S3": [f"{PAGES}::test_the_page_with_details_needs_the_cookie_of_this_task_s3"],
    "S4": [
        f"{PAGES}::test_the_first_page_shows_the_reference_and_neutral_words_only_s4",
        f"{WHOLE}::test_no_first_page_of_a_canarys_task_sings_s4",
    ],
    "S5": [
        f"{PAGES}::test_without_a_nonce_of_this_form_nothing_is_decided_s5",
        f"{PAGES}::test_a_press_from_another_site_decides_nothing_s5",
        f"{STATUS}::test_s5_no_choice_or_a_wrong_nonce_takes_nothing_back",
    ],
    "S6": [
        f"{WHOLE}::test_a_links_secret_is_in_mails_and_in_no_log_and_no_later_address_s6",
        f"{HEADERS}::test_the_address_of_the_page_holds_no_secret_and_its_headers_keep_it_private",
        f"{TEMPLATE}::test_the_api_keeps_no_path_of_a_visitor",
    ],
    "S7": [
        f"{CODES}::test_every_sensitive_kind_is_known_by_name_f6",
        f"{CODES}::test_the_code_of_one_browser_opens_nothing_in_another_f6",
    ],
    "S8": [
        f"{STATUS}::test_s8_known_and_unknown_references_look_the_same",
        f"{LINKS}::test_asking_for_a_fresh_link_looks_the_same_for_known_and_unknown_s8",
    ],
    "S9": [
        f"{WHOLE}::test_nothing_personal_and_no_token_where_it_must_not_be_s9_s28",
        "tests/security/test_canary_under_faults.py::test_a_canary_under_faults_sings_nowhere_s28_s9_m11",
    ],
    "S10": [
        f"{ROUTES}::test_a_plain_visit_of_a_stranger_is_answered_properly_s10_s16",
        "tests/web/test_every_page.py::test_an_open_page_speaks_both_languages_and_is_strict",
    ],
    "S12": [
        f"{PAYLOADS}::test_what_is_typed_on_a_task_page_is_shown_again_as_text_s12",
        f"{PAYLOADS}::test_a_request_full_of_payloads_is_text_on_every_page_and_in_every_letter_s12",
        f"{PAYLOADS}::test_notes_and_plans_are_text_wherever_they_are_read_s12_g5",
        f"{PAYLOADS}::test_a_letter_s_headers_refuse_a_line_break_and_take_one_recipient_s12_s39",
    ],
    "S13": [
        f"{ROUTES}::test_a_redirect_never_leaves_for_a_foreign_site_s13",
        f"{LOGIN}::test_after_signing_in_one_goes_where_one_wanted_within_the_console_s13",
    ],
    "S14": [
        f"{CONSOLE}::test_a_press_that_no_page_of_this_session_shows_does_nothing_s14",
        f"{LOGIN}::test_nobody_is_signed_out_by_another_site_s14",
        f"{LOGIN}::test_a_sign_in_that_no_page_of_ours_began_is_refused_s14",
    ],
    "S15": [
        f"{ROUTES}::test_a_body_that_no_form_sends_is_refused_with_a_page_s15",
        f"{ROUTES}::test_duplicate_parameters_are_refused_and_unknown_ones_ignored_s15",
    ],
    "S16": [
        f"{ROUTES}::test_no_input_of_any_kind_gives_a_5xx_or_a_trace_s16_i15",
        "tests/web/test_every_page.py::test_an_unexpected_error_shows_a_request_id_and_no_trace",
    ],
    "S18": [
        f"{LOGIN}::test_a_token_is_refused_that_is_s18",
        f"{LOGIN}::test_the_request_to_the_hosted_login_has_state_nonce_and_an_s256_challenge",
    ],
    "S19": [
        f"{LOGIN}::test_staff_who_are_made_inactive_are_out_with_the_next_request_s19",
        f"{LOGIN}::test_a_new_sign_in_ends_the_session_before_it",
    ],
    "S20": [f"{TEMPLATE}::test_staff_cannot_sign_themselves_up_and_need_a_second_factor"],
    "S21": [
        f"{CONSOLE}::test_each_role_gets_what_the_matrix_says_s21",
        f"{CONSOLE}::test_every_route_of_the_console_is_in_the_matrix",
        f"{ROUTES}::test_a_plain_visit_of_a_stranger_is_answered_properly_s10_s16",
    ],
    "S22": [f"{CONSOLE}::test_a_request_that_is_not_there_looks_like_any_other_s22"],
    "S23": [
        "tests/unit/referral/test_ids.py::test_a_new_reference_has_its_form_and_is_never_the_same",
        "tests/unit/referral/test_ids.py::test_every_single_wrong_character_is_caught",
    ],
    "S26": [
        "tests/web/test_request_form.py::test_nobody_is_asked_for_a_child_s_name_or_birth_date",
    ],
    "S27": [
        f"{TEMPLATE}::test_the_table_survives_mistakes_and_is_encrypted",
        f"{TEMPLATE}::test_no_function_or_machine_is_without_an_encrypted_log_group_that_ends",
    ],
    "S28": [
        f"{WHOLE}::test_nothing_personal_and_no_token_where_it_must_not_be_s9_s28",
        "tests/security/test_canary_under_faults.py::test_a_canary_under_faults_sings_nowhere_s28_s9_m11",
    ],
    "S34": [
        f"{POLICIES}::test_a_star_stands_only_where_aws_has_no_resource_level",
        f"{POLICIES}::test_every_pattern_of_a_resource_stays_within_this_stack",
    ],
    "S35": [
        f"{TEMPLATE}::test_link_keys_are_made_there_with_256_bits_in_the_shape_that_the_code_reads",
    ],
    "S36": [
        "tests/security/test_supply.py::test_every_package_that_ships_is_pinned_s36",
        "tests/security/test_supply.py::test_the_bill_of_materials_names_what_ships_s36",
    ],
    "S39": [
        f"{PAYLOADS}::test_an_address_with_a_line_break_or_two_people_is_refused_at_the_form_s39",
        f"{PAYLOADS}::test_a_letter_s_headers_refuse_a_line_break_and_take_one_recipient_s12_s39",
    ],
    "S44": [
        "tests/web/test_twins.py::test_five_requests_an_hour_from_one_address_then_the_helpline_s44",
        "tests/web/test_request_form.py::test_a_filled_trap_is_asked_about_and_not_sent_s44",
        "tests/web/test_request_form.py::test_a_very_fast_sender_is_asked_to_look_once_more",
    ],
    "S45": [
        f"{STATUS}::test_s45_three_codes_an_hour_and_the_page_says_the_same",
        "tests/web/test_return_link.py::test_an_address_gets_three_of_these_mails_an_hour_and_the_page_says_the_same_s45",
    ],
}

ELSEWHERE: Final[dict[str, str]] = {
    "S42": "There is no CSV yet. test_supply.py fails when a route begins to send one.",
}
