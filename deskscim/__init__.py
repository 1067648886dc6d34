"""DeskSCIM: a helpdesk contacts directory that Microsoft Entra ID keeps up to date over SCIM 2.0."""
