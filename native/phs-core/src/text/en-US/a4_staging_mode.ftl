# Texts of guide step a4.
