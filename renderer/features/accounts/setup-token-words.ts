/** What a setup token is and where it comes from. */
export const SETUP_TOKEN_HINT = 'From claude setup-token in a terminal; it starts with sk-ant-oat';
