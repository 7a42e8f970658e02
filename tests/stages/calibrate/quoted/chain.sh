set -eu
marsad calibrate --weight w --margins m.csv < in.csv | marsad derive 'both=note != area' > fused.csv
